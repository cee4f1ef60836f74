//! Says to whoever started the server that it answers, so that nobody has to sleep and hope.

#[cfg(unix)]
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Writes the server's URL to a descriptor that this process was started with.
#[cfg(unix)]
pub(super) fn to_descriptor(number: u32, url: &str) -> io::Result<()> {
    let mut file = descriptor(number)?;
    writeln!(file, "{url}")
}

/// A descriptor that this process was started with, to write to.
#[cfg(unix)]
pub(super) fn descriptor(number: u32) -> io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).open(format!("/dev/fd/{number}"))
}

/// Tells systemd (`sd_notify`), where it started this process and waits: `Type=notify`.
#[cfg(unix)]
pub(super) fn to_manager() -> io::Result<()> {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::net::UnixDatagram;
    let Some(name) = std::env::var_os("NOTIFY_SOCKET").filter(|name| !name.is_empty()) else {
        return Ok(());
    };
    let socket = UnixDatagram::unbound()?;
    match name.as_bytes().strip_prefix(b"@") {
        #[cfg(target_os = "linux")]
        Some(name) => {
            use std::os::linux::net::SocketAddrExt;
            use std::os::unix::net::SocketAddr;
            let address = SocketAddr::from_abstract_name(name)?;
            socket.send_to_addr(b"READY=1", &address)?;
        }
        _ => {
            socket.send_to(b"READY=1", Path::new(&name))?;
        }
    }
    Ok(())
}
