use super::super::LedgerFault;
use redis::io::tcp::TcpSettings;
use redis::{Client, IntoConnectionInfo, parse_redis_url};
use std::fmt;
use std::str::FromStr;

const FORM: &str = "redis://[USER:PASSWORD@]HOST[:PORT][/DB][?prefix=NAME]";
/// What its keys begin with, where nothing is said.
const PREFIX: &str = "counterpart";

/// Where a Valkey or Redis server is. It is shown without its password.
#[derive(Clone)]
pub struct ServerAddress {
    pub(super) client: Client,
    /// As it is shown.
    pub(super) name: String,
    /// What all keys begin with.
    pub(super) prefix: String,
}

impl FromStr for ServerAddress {
    type Err = String;

    /// Takes `redis://` and `valkey://`. An error says nothing of what was given but its scheme and
    /// the names of its parameters: the rest may be a password.
    fn from_str(text: &str) -> Result<ServerAddress, String> {
        let (scheme, _) = text.split_once("://").unwrap_or_default();
        match scheme {
            "redis" | "valkey" => {}
            "rediss" | "valkeys" => {
                return Err(format!("TLS isn't spoken: a server is named by {FORM}"));
            }
            _ => return Err(format!("a server is named by {FORM}")),
        }
        let malformed = || format!("the URL can't be read: a server is named by {FORM}");
        let mut url = parse_redis_url(text).ok_or_else(malformed)?;
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or_else(malformed)?;
        let mut name = format!("{scheme}://{host}:{}", url.port().unwrap_or(6379));
        let db = url.path().trim_start_matches('/');
        if !db.is_empty() {
            name = format!("{name}/{db}");
        }
        let mut prefix = PREFIX.to_owned();
        for (parameter, value) in url.query_pairs() {
            match parameter.as_ref() {
                "prefix" if !value.is_empty() && value.len() <= 100 => prefix = value.into_owned(),
                "prefix" => return Err("the prefix has 1 to 100 bytes".to_owned()),
                other => {
                    return Err(format!(
                        "{other:?} is no parameter of {FORM}: there is `prefix`"
                    ));
                }
            }
        }
        url.set_query(None);
        url.set_fragment(None);
        let info = url.into_connection_info().map_err(|_| malformed())?;
        let settings = TcpSettings::default().set_nodelay(true);
        // For each answer to what a library tells of itself a silent server would be waited for.
        let of_server = info.redis_settings().clone().set_skip_set_lib_name();
        let info = info
            .set_tcp_settings(settings)
            .set_redis_settings(of_server);
        let client = Client::open(info).map_err(|_| malformed())?;
        Ok(ServerAddress {
            client,
            name,
            prefix,
        })
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Debug for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerAddress({}, {:?})", self.name, self.prefix)
    }
}

impl ServerAddress {
    /// That the server can't be used.
    pub(super) fn unusable(&self, why: impl fmt::Display) -> LedgerFault {
        LedgerFault::unusable(format!("{} {why}", self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ServerAddress, String> {
        text.parse()
    }

    #[test]
    fn a_server_is_named_by_its_url_and_shown_without_its_password() {
        let address = read("redis://me:s3cret@example.com:6380/2?prefix=team").expect("a URL");
        assert_eq!(address.to_string(), "redis://example.com:6380/2");
        assert_eq!(address.prefix, "team");
        assert!(!format!("{address:?}").contains("s3cret"));
        let settings = address.client.get_connection_info().redis_settings();
        assert_eq!(settings.password(), Some("s3cret"));
        assert_eq!(settings.db(), 2);
        let address = read("valkey://localhost").expect("a URL");
        assert_eq!(address.to_string(), "valkey://localhost:6379");
        assert_eq!(address.prefix, "counterpart");
    }

    #[test]
    fn what_is_no_address_is_refused_without_telling_a_password() {
        for (text, why) in [
            ("rediss://:s3cret@localhost", "TLS isn't spoken"),
            ("http://:s3cret@localhost", "named by redis://"),
            ("redis://:s3cret@", "can't be read"),
            ("redis://:s3cret@localhost:99999", "can't be read"),
            ("redis://:s3cret@localhost/first", "can't be read"),
            (
                "redis://:s3cret@localhost?prefx=a",
                "\"prefx\" is no parameter",
            ),
            ("redis://:s3cret@localhost?prefix=", "1 to 100"),
        ] {
            let told = read(text).expect_err(text);
            assert!(told.contains(why), "{text}: {told}");
            assert!(!told.contains("s3cret"), "{told}");
        }
    }
}
