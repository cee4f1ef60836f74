use super::origin::WebOrigin;
use super::refusal::Refusal;
use crate::wire::{HeaderMap, HeaderName, HeaderValue, Method, Reply, StatusCode, header};
use http::request::Parts;

/// Which pages may read the contracts' replies in a browser (the CORS protocol, Fetch §3.3).
#[derive(Debug, Clone, Default)]
pub enum Cors {
    /// Those of any origin, without credentials: with those, `*` means nothing to a browser, and
    /// an origin that nobody named is never reflected.
    #[default]
    Any,
    /// Those of these origins, with credentials; no others.
    Listed(Vec<WebOrigin>),
    /// None but the server's own: replies say nothing of it, and a preflight is an `OPTIONS` as
    /// any other.
    Off,
}

/// What a reply tells the browser that asked.
#[derive(Debug, Clone)]
pub(super) enum Grant {
    /// Nothing, to nobody.
    Silent,
    /// Nothing this time: no page asked, or one that may not read.
    Withheld,
    /// A page of any origin may read it.
    Any,
    /// Pages of this origin may read it.
    Page(HeaderValue),
}

/// How long a browser may remember a preflight, in seconds. Chrome's own limit is two hours.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");
/// The names of fields that a preflight may ask for, in bytes.
const ASKED: usize = 8 << 10;
/// The end of an origin that is told to a person, in bytes.
const TOLD: usize = 200;

/// Fields that a page may read anyway (Fetch §2.2.2), and those that it never may.
const UNNAMED: [HeaderName; 9] = [
    header::CACHE_CONTROL,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::EXPIRES,
    header::LAST_MODIFIED,
    header::PRAGMA,
    header::SET_COOKIE,
    HeaderName::from_static("set-cookie2"),
];

/// Fields that say who may read a reply, and what of it.
const SIGNATURE: [HeaderName; 3] = [
    header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
    header::ACCESS_CONTROL_ALLOW_ORIGIN,
    header::ACCESS_CONTROL_EXPOSE_HEADERS,
];

const OWN: &str = "access-control-";
const ASKS_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
const ALLOWS_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-allow-private-network");

impl Cors {
    /// What a reply to a request with these fields is to tell.
    pub(super) fn grant(&self, headers: &HeaderMap) -> Grant {
        if matches!(self, Cors::Off) {
            return Grant::Silent;
        }
        let mut origins = headers.get_all(header::ORIGIN).iter();
        match (origins.next(), origins.next()) {
            // Two origins are no browser's doing.
            (Some(origin), None) => self.grant_to(Some(origin)),
            _ => self.grant_to(None),
        }
    }

    /// The same for a page of this origin, where there is one.
    pub(super) fn grant_to(&self, origin: Option<&HeaderValue>) -> Grant {
        match (self, origin) {
            (Cors::Off, _) => Grant::Silent,
            (_, None) => Grant::Withheld,
            (Cors::Any, Some(_)) => Grant::Any,
            (Cors::Listed(known), Some(origin)) => match known.iter().any(|own| own.is(origin)) {
                true => Grant::Page(origin.clone()),
                false => Grant::Withheld,
            },
        }
    }
}

impl Grant {
    /// Puts it in a reply's header. What a contract documents of CORS gives way: whose pages may
    /// read is for this server to say.
    pub(super) fn sign(&self, headers: &mut HeaderMap) {
        if matches!(self, Grant::Silent) {
            return;
        }
        for own in &SIGNATURE {
            headers.remove(own);
        }
        // A cache must not hand the reply to one page on to another.
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        let origin = match self {
            Grant::Silent | Grant::Withheld => return,
            Grant::Any => HeaderValue::from_static("*"),
            Grant::Page(origin) => {
                let credentials = HeaderValue::from_static("true");
                headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, credentials);
                origin.clone()
            }
        };
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed(headers));
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }

    /// The answer to a browser's question whether a page may send a request (Fetch §4.8). `known`
    /// are the methods of the path. The one that is asked for is granted in any case, on any path:
    /// a preflight that fails would hide from the page what the 404 or 405 has to say.
    pub(super) fn preflight(&self, parts: &Parts, known: &[Method]) -> Result<Reply, Refusal> {
        if matches!(self, Grant::Withheld) {
            let origin = parts.headers.get(header::ORIGIN);
            let origin = origin.map_or(&[][..], HeaderValue::as_bytes);
            let origin = String::from_utf8_lossy(&origin[..origin.len().min(TOLD)]);
            let detail = format!("Pages of the origin {origin:?} may not read replies.");
            return Err(Refusal::new(StatusCode::FORBIDDEN, detail));
        }
        let asked = &parts.headers;
        let mut reply = Reply::new(StatusCode::NO_CONTENT);
        let method = asked.get(header::ACCESS_CONTROL_REQUEST_METHOD);
        let method = method.and_then(|method| Method::from_bytes(method.as_bytes()).ok());
        let others = known.iter().filter(|known| method.as_ref() != Some(known));
        let methods: Vec<&str> = method.iter().chain(others).map(Method::as_str).collect();
        if method.is_some() {
            reply.set(header::ACCESS_CONTROL_ALLOW_METHODS, &methods.join(", "));
        }
        // By name: `*` would not cover Authorization, and with credentials it covers nothing.
        let mut room = ASKED;
        for names in asked.get_all(header::ACCESS_CONTROL_REQUEST_HEADERS) {
            if names.len() <= room
                && let Some(granted) = names_in(names)
            {
                room -= names.len();
                let headers = &mut reply.headers;
                headers.append(header::ACCESS_CONTROL_ALLOW_HEADERS, granted);
            }
        }
        let headers = &mut reply.headers;
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        if asked
            .get(ASKS_PRIVATE_NETWORK)
            .is_some_and(|asks| asks == "true")
        {
            headers.insert(ALLOWS_PRIVATE_NETWORK, HeaderValue::from_static("true"));
        }
        let vary = "Access-Control-Request-Method, Access-Control-Request-Headers";
        headers.insert(header::VARY, HeaderValue::from_static(vary));
        Ok(reply)
    }
}

/// Whether a request is that question.
pub(super) fn is_preflight(parts: &Parts) -> bool {
    parts.method == Method::OPTIONS
        && parts.headers.contains_key(header::ORIGIN)
        && parts
            .headers
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// The fields that a page could not read unless they are named; hyper adds the `Date`.
fn exposed(headers: &HeaderMap) -> HeaderValue {
    let mut names = "date".to_owned();
    for name in headers.keys() {
        if !UNNAMED.contains(name) && !name.as_str().starts_with(OWN) && *name != header::DATE {
            names.push_str(", ");
            names.push_str(name.as_str());
        }
    }
    HeaderValue::from_str(&names).expect("names of fields are ASCII")
}

/// The names in a list, without what is none; nothing where all are none.
fn names_in(list: &HeaderValue) -> Option<HeaderValue> {
    let names = list.as_bytes().split(|&byte| byte == b',');
    let names = names.map(<[u8]>::trim_ascii);
    let names: Vec<&[u8]> = names
        .filter(|name| HeaderName::from_bytes(name).is_ok())
        .collect();
    let granted = HeaderValue::from_bytes(&names.join(&b", "[..])).ok();
    granted.filter(|granted| !granted.is_empty())
}
