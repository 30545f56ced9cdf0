/** A persistence adapter whose store is a REST service: one request for each basic operation. */
@NullMarked
package com.example.persistencehttp;

import org.jspecify.annotations.NullMarked;
