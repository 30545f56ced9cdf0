/** A persistence adapter. */
@NullMarked
package com.example.persistenceminimal;

import org.jspecify.annotations.NullMarked;
