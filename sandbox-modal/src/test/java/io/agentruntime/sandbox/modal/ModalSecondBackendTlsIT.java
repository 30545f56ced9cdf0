// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.sandbox.modal.standin.StandInSettings;

/** Modal's present kind of sandboxes, with TLS. */
class ModalSecondBackendTlsIT extends ModalContract {
  ModalSecondBackendTlsIT() {
    super(StandInSettings.encrypted(), Backend.V2);
  }
}
