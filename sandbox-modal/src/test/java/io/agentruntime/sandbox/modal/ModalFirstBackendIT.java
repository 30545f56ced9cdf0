// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.sandbox.modal.standin.StandInSettings;

/** Modal's former kind of sandboxes, with TLS. */
class ModalFirstBackendIT extends ModalContract {
  ModalFirstBackendIT() {
    super(StandInSettings.encrypted(), Backend.V1);
  }
}
