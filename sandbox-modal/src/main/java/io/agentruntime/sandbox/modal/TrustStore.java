// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal;

import io.agentruntime.error.AgentRuntimeException;
import io.agentruntime.error.StandardError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Certificates of a company's own authority, in the form that the HTTP client wants. */
final class TrustStore {
  private TrustStore() {}

  /**
   * A file that trusts the given certificates beside Java's own.
   *
   * @param bundle PEM; null for none
   * @param folder where to write it; it holds no secrets
   * @return null when there is nothing to trust beside Java's own
   */
  static @Nullable Path of(@Nullable Path bundle, Path folder) {
    if (bundle == null) {
      return null;
    }
    try (InputStream in = Files.newInputStream(bundle)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int number = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("bundle-" + number++, one);
      }
      if (number == 0) {
        throw new IOException("it holds no certificate");
      }
      for (X509Certificate one : ofJava()) {
        store.setCertificateEntry("java-" + number++, one);
      }
      // Somebody may be reading the present one.
      Path written = Files.createTempFile(folder, "modal-trust", ".new");
      try (OutputStream out = Files.newOutputStream(written)) {
        // Without a password nothing is encrypted, which took longer than all else: it is public.
        store.store(out, null);
      }
      return Files.move(
          written, folder.resolve("modal-trust.p12"), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | GeneralSecurityException e) {
      throw new AgentRuntimeException(
          StandardError.CONFIGURATION,
          "Modal setting ca-bundle: cannot use " + bundle + ": " + e.getMessage(),
          e);
    }
  }

  private static X509Certificate[] ofJava() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509.getAcceptedIssuers();
      }
    }
    return new X509Certificate[0];
  }
}
