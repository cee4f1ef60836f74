use http::Uri;
use hyper_util::client::legacy::connect::dns::Name;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::task::{Context, Poll};

/// Resolves every name to this machine. Only "localhost" is ever asked for, and no hosts file or
/// name server gets to say that it is elsewhere.
#[derive(Clone)]
pub(super) struct Loopback;

impl tower_service::Service<Name> for Loopback {
    type Response = std::array::IntoIter<SocketAddr, 2>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Name) -> Self::Future {
        // The connector puts the URL's port in.
        let v4 = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let v6 = SocketAddr::from((Ipv6Addr::LOCALHOST, 0));
        ready(Ok([v4, v6].into_iter()))
    }
}

/// Whether the URL is plain HTTP to this machine: `localhost`, 127.0.0.0/8 or `[::1]`.
pub(super) fn is_loopback_url(url: &Uri) -> bool {
    url.scheme_str() == Some("http") && url.host().is_some_and(is_loopback_host)
}

/// Whether a host, as a URL or a `Host` field names it (without the port), is this machine.
pub(super) fn is_loopback_host(host: &str) -> bool {
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    host.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_loopback_url;

    #[test]
    fn only_plain_http_to_this_machine_is_a_loopback_url() {
        for here in [
            "http://localhost:1/x",
            "http://127.0.0.2/",
            "http://[::1]:80/",
            "http://LOCALHOST",
        ] {
            assert!(is_loopback_url(&here.parse().expect(here)), "{here}");
        }
        for away in [
            "https://localhost/",
            "http://localhost.evil.example/",
            "http://10.0.0.1/",
            "http://[::ffff:10.0.0.1]/",
            "http://169.254.169.254/",
            "http://127.0.0.1@evil.example/",
            "/path",
        ] {
            assert!(!is_loopback_url(&away.parse().expect(away)), "{away}");
        }
    }
}
