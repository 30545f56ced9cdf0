// SPDX-License-Identifier: MIT

package io.agentruntime.sandbox.modal.standin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The stand-in's certificate, signed by itself, good for localhost and a few loopback addresses:
 * made by the JDK's keytool once per JVM, when first needed.
 */
public final class Certificate {
  private static final String PASSWORD = "changeit";
  private static final String NAME = "stand-in";

  private static final class Holder {
    static final Certificate ONE = make();
  }

  private final KeyStore store;

  private Certificate(KeyStore store) {
    this.store = store;
  }

  /** The one of this JVM. */
  public static Certificate get() {
    return Holder.ONE;
  }

  private static Certificate make() {
    try {
      Path folder = Files.createTempDirectory("stand-in-certificate");
      Path file = folder.resolve("store.p12");
      try {
        run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                NAME,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-validity",
                "2",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1,ip:127.0.0.2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString()));
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
          store.load(in, PASSWORD.toCharArray());
        }
        return new Certificate(store);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("Cannot make a certificate", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool failed: " + said);
    }
  }

  /** For sockets of the JDK. */
  SSLContext context() {
    try {
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot use the certificate", e);
    }
  }

  PrivateKey key() {
    try {
      return (PrivateKey) store.getKey(NAME, PASSWORD.toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot use the certificate", e);
    }
  }

  /** The certificate itself, for a client to trust. */
  public java.security.cert.X509Certificate certificate() {
    try {
      return (java.security.cert.X509Certificate) store.getCertificate(NAME);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot use the certificate", e);
    }
  }

  /** As a PEM file in a folder, for programs to trust. */
  public Path writeTo(Path folder) throws IOException {
    try {
      String text =
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate().getEncoded());
      return Files.writeString(
          folder.resolve("stand-in.pem"),
          "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n",
          US_ASCII);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot use the certificate", e);
    }
  }
}
