//! Whom the mock's own requests may go to: this machine, as long as none but its own programs ask
//! the mock, and the hosts that were named.

use crate::wire::is_loopback_host;
use http::Uri;
use hyper_util::client::legacy::connect::dns::Name;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::vec::IntoIter;

/// A host that callbacks and webhooks may go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHost {
    /// A name in lower case, or an address without brackets.
    host: String,
    /// The one port; any where none is said.
    port: Option<u16>,
}

/// Why a text names no host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoHost;

impl fmt::Display for NoHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a host is named like `hooks.example.com`, `10.0.0.5:9000` or `[fd00::1]:9000`")
    }
}

impl std::error::Error for NoHost {}

impl FromStr for AllowedHost {
    type Err = NoHost;

    /// Reads `HOST` or `HOST:PORT`, exactly as a URL would say it.
    fn from_str(text: &str) -> Result<AllowedHost, NoHost> {
        // An IPv6 address is taken without its brackets too, where no port follows.
        if let Ok(address) = text.parse::<Ipv6Addr>() {
            return Ok(AllowedHost {
                host: address.to_string(),
                port: None,
            });
        }
        let authority: http::uri::Authority = text.parse().map_err(|_| NoHost)?;
        let host = bare(authority.host()).to_ascii_lowercase();
        let port = authority.port_u16();
        let names_port = authority.as_str().len() > authority.host().len();
        match host.is_empty() || text.contains(['@', '*']) || names_port != port.is_some() {
            true => Err(NoHost),
            false => Ok(AllowedHost { host, port }),
        }
    }
}

impl AllowedHost {
    fn takes_in(&self, host: &str, port: u16) -> bool {
        let same = match (self.host.parse::<IpAddr>(), host.parse::<IpAddr>()) {
            (Ok(ours), Ok(theirs)) => ours.to_canonical() == theirs.to_canonical(),
            _ => self.host.eq_ignore_ascii_case(host),
        };
        same && self.port.is_none_or(|own| own == port)
    }
}

/// The hosts that may be asked, and where their names lead.
#[derive(Clone)]
pub(super) struct Receivers {
    allowed: Arc<[AllowedHost]>,
    /// Whether this machine is allowed unnamed. Where other machines can ask the mock, they could
    /// reach through it what listens on this one for its own programs alone.
    has_own: bool,
}

impl Receivers {
    /// Those of a server that listens at `address`.
    pub(super) fn new(allowed: &[AllowedHost], address: SocketAddr) -> Receivers {
        Receivers {
            allowed: allowed.into(),
            has_own: address.ip().is_loopback(),
        }
    }

    /// The URL, where something may be sent to it; else why not.
    pub(super) fn admit(&self, url: &str) -> Result<Uri, String> {
        let uri: Uri = url.parse().map_err(|_| format!("{url:?} is no URL"))?;
        let mut usual_port = 80;
        match uri.scheme_str() {
            Some("http") => {}
            Some("https") => usual_port = 443,
            _ => return Err(format!("{url:?} is no http:// or https:// URL")),
        }
        let Some(authority) = uri
            .authority()
            .filter(|authority| !authority.host().is_empty())
        else {
            return Err(format!("{url:?} names no host"));
        };
        if authority.as_str().contains('@') {
            return Err("a URL with a user's name is not taken".to_owned());
        }
        let host = authority.host();
        let port = match authority.as_str()[host.len()..].strip_prefix(':') {
            None | Some("") => usual_port,
            Some(text) => match text.parse() {
                Ok(port) if port > 0 => port,
                _ => return Err(format!("{text} is no port: they are 1 to 65535")),
            },
        };
        let mut allowed = self.allowed.iter();
        let is_own = is_loopback_host(host);
        if is_own && self.has_own || allowed.any(|known| known.takes_in(bare(host), port)) {
            return Ok(uri);
        }
        let why = match is_own {
            true => "is this machine, whose own programs other machines could reach so",
            false => "is not this machine",
        };
        Err(format!(
            "{host} {why}, and not allowed: --allow-callback {host} would allow it"
        ))
    }
}

/// Resolves the names of admitted hosts. Of `localhost` no hosts file or name server gets to say
/// that it is elsewhere; of another name none gets to lead to what is no receiver. Addresses in
/// URLs come past here: one that was admitted was named itself.
impl tower_service::Service<Name> for Receivers {
    type Response = IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move {
            if name.as_str().eq_ignore_ascii_case("localhost") {
                let here: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
                let here = here.map(|ip| SocketAddr::new(ip, 0));
                return Ok(Vec::from(here).into_iter());
            }
            // The connector puts the URL's port in.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<SocketAddr> = found.collect();
            match found.iter().find(|address| is_no_receiver(address.ip())) {
                None => Ok(found.into_iter()),
                Some(address) => Err(io::Error::other(format!(
                    "{name} leads to {}, where no receiver is",
                    address.ip()
                ))),
            }
        })
    }
}

/// Addresses that a name must not lead to: the links' own, on which clouds hand out credentials,
/// other such services, and what is no single host. Private networks are where containers are,
/// and who allows a name there means them.
fn is_no_receiver(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let services = [[100, 100, 100, 200], [168, 63, 129, 16], [192, 0, 0, 192]];
            ip.is_link_local()
                || ip.octets()[0] == 0
                || ip.octets()[0] >= 224
                || services.contains(&ip.octets())
        }
        IpAddr::V6(ip) => {
            let segments = ip.segments();
            let v4 = |high: u16, low: u16| {
                let [a, b] = high.to_be_bytes();
                let [c, d] = low.to_be_bytes();
                IpAddr::V4(Ipv4Addr::new(a, b, c, d))
            };
            let inner = match segments {
                // Translated (RFC 6052), tunnelled (RFC 3056), and the old way to write IPv4.
                [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(v4(high, low)),
                [0x2002, high, low, ..] => Some(v4(high, low)),
                [0, 0, 0, 0, 0, 0, high, low] if high > 0 => Some(v4(high, low)),
                _ => None,
            };
            ip.is_unspecified()
                || ip.is_multicast()
                || segments[0] & 0xffc0 == 0xfe80
                || segments == [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254]
                || inner.is_some_and(is_no_receiver)
        }
    }
}

fn bare(host: &str) -> &str {
    let inner = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    inner.unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receivers(allowed: &[&str]) -> Receivers {
        let allowed = allowed.iter().map(|text| text.parse().expect(text));
        let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
        Receivers::new(&allowed.collect::<Vec<AllowedHost>>(), here)
    }

    #[test]
    fn where_other_machines_can_ask_this_one_is_a_host_like_any_other() {
        for beyond in ["0.0.0.0:1", "192.0.2.1:1", "[::]:1"] {
            let beyond: SocketAddr = beyond.parse().expect(beyond);
            let allowed = ["localhost".parse().expect("a host")];
            for here in ["http://localhost/", "http://127.0.0.1/", "http://[::1]:80/"] {
                let why = Receivers::new(&[], beyond).admit(here).expect_err(here);
                assert!(why.contains("--allow-callback"), "{why}");
            }
            let named = Receivers::new(&allowed, beyond);
            assert!(named.admit("http://localhost:9000/").is_ok());
            assert!(named.admit("http://127.0.0.1:9000/").is_err());
        }
    }

    #[test]
    fn only_this_machine_is_admitted_unasked() {
        let receivers = receivers(&[]);
        for here in [
            "http://localhost:1/x",
            "http://127.0.0.2/",
            "http://[::1]:80/",
            "http://LOCALHOST",
            "https://localhost/",
        ] {
            assert!(receivers.admit(here).is_ok(), "{here}");
        }
        for away in [
            "https://10.0.0.1/",
            "http://localhost.evil.example/",
            "http://10.0.0.1/",
            "http://[::ffff:10.0.0.1]/",
            "http://169.254.169.254/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0/",
            "http://localhost@evil.example/",
            "http://a:b@localhost/",
            "ftp://localhost/",
            "http:///x",
            "http://localhost:65536/",
            "http://localhost:0/",
            "//localhost/x",
            "/path",
            "",
        ] {
            assert!(receivers.admit(away).is_err(), "{away}");
        }
    }

    #[test]
    fn a_host_that_was_named_is_admitted_and_no_other() {
        let receivers = receivers(&[
            "hooks.example.com",
            "app:3000",
            "10.0.0.5:9000",
            "secure:443",
            "[fd00::1]:81",
            "fd00::2",
        ]);
        for allowed in [
            "http://hooks.example.com/",
            "http://Hooks.Example.com:99/x",
            "http://app:3000/",
            "https://app:3000/",
            "https://secure/",
            "http://10.0.0.5:9000/",
            "http://[::ffff:10.0.0.5]:9000/",
            "http://[fd00:0::1]:81/",
            "http://[fd00::2]/",
        ] {
            assert!(receivers.admit(allowed).is_ok(), "{allowed}");
        }
        for refused in [
            "http://example.com/",
            "http://a.hooks.example.com/",
            "http://hooks.example.com.evil.example/",
            "http://app/",
            "http://app:3001/",
            "https://app/",
            "http://secure/",
            "http://10.0.0.5/",
            "http://10.0.0.6:9000/",
            "http://[fd00::1]/",
        ] {
            let why = receivers.admit(refused).expect_err(refused);
            assert!(why.contains("--allow-callback"), "{why}");
        }
    }

    #[test]
    fn a_port_that_is_none_is_refused_with_its_reason() {
        let why = receivers(&[]).admit("http://localhost:70000/hook");
        let why = why.expect_err("no port");
        assert_eq!(why, "70000 is no port: they are 1 to 65535");
        assert!(receivers(&[]).admit("http://localhost:/").is_ok());
    }

    #[test]
    fn what_names_no_host_is_not_taken() {
        for text in [
            "",
            ":80",
            "a:",
            "a:x",
            "a:70000",
            "http://a/",
            "a/b",
            "a@b",
            "*.a",
            "a b",
        ] {
            assert_eq!(text.parse::<AllowedHost>(), Err(NoHost), "{text}");
        }
    }

    #[test]
    fn a_name_leads_to_no_link_local_or_metadata_address() {
        for no in [
            "169.254.169.254",
            "169.254.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "100.100.100.200",
            "::",
            "fe80::1",
            "febf::1",
            "ff02::1",
            "fd00:ec2::254",
            "::ffff:169.254.169.254",
            "::169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::1",
        ] {
            assert!(is_no_receiver(no.parse().expect(no)), "{no}");
        }
        for yes in [
            "127.0.0.1",
            "10.0.0.1",
            "172.17.0.2",
            "192.168.1.1",
            "93.184.216.34",
            "::1",
            "fd00::1",
            "2001:db8::1",
            "64:ff9b::102:304",
        ] {
            assert!(!is_no_receiver(yes.parse().expect(yes)), "{yes}");
        }
    }

    #[tokio::test]
    async fn names_are_looked_up_but_for_this_machines_own() {
        use tower_service::Service;
        let find = async |name: &str| {
            let name: Name = name.parse().expect("a name");
            let found = receivers(&[]).call(name).await;
            found.map(|found| found.map(|address| address.ip()).collect::<Vec<_>>())
        };
        let here = find("LocalHost").await.expect("found");
        assert!(here.iter().all(IpAddr::is_loopback), "{here:?}");
        // What no address is by RFC 3986 the system's resolver may read as one all the same.
        let error = find("2852039166").await.expect_err("169.254.169.254");
        assert!(!error.to_string().is_empty());
        if let Ok(found) = find("2130706433").await {
            assert!(found.iter().all(IpAddr::is_loopback), "{found:?}");
            assert!(error.to_string().contains("169.254.169.254"), "{error}");
        }
    }
}
