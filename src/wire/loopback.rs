use std::net::IpAddr;

/// Whether a URL has a user, and a password perhaps, before its host.
pub fn names_user(url: &str) -> bool {
    let behind = url.split_once("://").map_or(url, |(_, behind)| behind);
    let authority = behind.split(['/', '?', '#']).next();
    authority.is_some_and(|authority| authority.contains('@'))
}

/// Whether a host, as a URL or a `Host` field names it (without the port), is this machine.
pub fn is_loopback_host(host: &str) -> bool {
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    host.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
