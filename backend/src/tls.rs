//! Which cryptography TLS is made of: ring, like the database drivers, chosen once a process.

/// Chooses; a second time changes nothing.
pub fn install() {
    // It fails only where it has been chosen already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
