/**
 * A sandbox provider for every machine on which a command can be run: by ssh, in a chroot, here.
 */
@NullMarked
package com.example.sandboxexec;

import org.jspecify.annotations.NullMarked;
