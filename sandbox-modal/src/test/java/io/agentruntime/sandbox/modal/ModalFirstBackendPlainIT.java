// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.sandbox.modal.standin.StandInSettings;

/** Modal's former kind of sandboxes, without TLS. */
class ModalFirstBackendPlainIT extends ModalContract {
  ModalFirstBackendPlainIT() {
    super(StandInSettings.plaintext(), Backend.V1);
  }
}
