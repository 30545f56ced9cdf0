// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.sandbox.modal.standin.StandInSettings;

/** Modal's present kind of sandboxes, without TLS. */
class ModalSecondBackendIT extends ModalContract {
  ModalSecondBackendIT() {
    super(StandInSettings.plaintext(), Backend.V2);
  }
}
