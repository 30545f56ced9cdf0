/** The adapter for an agent program that is a shell script: its set-up, protocol and transcript. */
@NullMarked
package com.example.architectureshell;

import org.jspecify.annotations.NullMarked;
