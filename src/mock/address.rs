//! What runtime expressions give once there is a reply, and the URL of a callback that is made of it.

use crate::decode::{Parameters, Payload, query_value};
use crate::spec::{CallbackUrl, MessagePart, RuntimeExpression, UrlPiece};
use crate::wire::{HeaderMap, HeaderName, Reply, Request, encode_percent};
use serde_json::Value;
use std::cell::OnceCell;

/// The longest URL that a callback goes to, in bytes.
const URL_LIMIT: usize = 8 << 10;

/// A request and the reply to it: what runtime expressions name parts of.
pub struct Encounter<'e> {
    request: &'e Request,
    /// The path before the contract's own.
    prefix: &'e str,
    /// The request's parameters.
    pub parameters: &'e Parameters,
    payload: &'e Payload,
    reply: &'e Reply,
    reply_body: OnceCell<Option<Value>>,
}

impl<'e> Encounter<'e> {
    /// Of a request as it was read, and its reply. `prefix` stands before the target's path.
    pub fn new(
        request: &'e Request,
        prefix: &'e str,
        parameters: &'e Parameters,
        payload: &'e Payload,
        reply: &'e Reply,
    ) -> Encounter<'e> {
        Encounter {
            request,
            prefix,
            parameters,
            payload,
            reply,
            reply_body: OnceCell::new(),
        }
    }

    /// What the request's body says, where it could be read.
    pub fn body(&self) -> Option<&Value> {
        match self.payload {
            Payload::Value(_, value) => Some(value),
            Payload::Absent | Payload::Opaque(_) => None,
        }
    }

    /// What the reply's body says, where it is JSON.
    pub fn reply_body(&self) -> Option<&Value> {
        let read = || self.reply.body_json();
        self.reply_body.get_or_init(read).as_ref()
    }

    /// The URL that a callback goes to.
    ///
    /// # Errors
    /// Why there is none, as a sentence's part.
    pub fn address(&self, url: &CallbackUrl) -> Result<String, String> {
        let mut address = String::new();
        for piece in &url.pieces {
            match piece {
                UrlPiece::Text(text) => address += text,
                UrlPiece::Expression(expression) => {
                    let Some(value) = self.value(expression) else {
                        let written = &url.written;
                        return Err(format!("what {written} names isn't there"));
                    };
                    if value.contains(char::is_control) {
                        return Err("the URL would have control characters".to_owned());
                    }
                    // What a URL begins with is the URL, or its scheme and host, and stands as it
                    // is. Behind that a value is one part and can't add others.
                    address += &match (address.is_empty(), is_host(&address)) {
                        (true, _) => kept(&value, GIVEN),
                        (false, true) => kept(&value, ":[]-._~"),
                        (false, false) => kept(&value, "-._~"),
                    };
                }
            }
        }
        if address.contains(char::is_control) {
            return Err("the URL would have control characters".to_owned());
        }
        if address.len() > URL_LIMIT {
            return Err(format!("the URL would be longer than {URL_LIMIT} bytes"));
        }
        Ok(address)
    }

    /// What an expression names, as text; nothing where it isn't there, or is a list or an object.
    fn value(&self, expression: &RuntimeExpression) -> Option<String> {
        match expression {
            RuntimeExpression::Url => Some(self.url()),
            RuntimeExpression::Method => Some(self.request.method.to_string()),
            RuntimeExpression::StatusCode => Some(self.reply.status.as_str().to_owned()),
            RuntimeExpression::Request(part) => match part {
                MessagePart::Header(name) => field(&self.request.headers, name)
                    .or_else(|| self.default_of(&self.parameters.header, name.as_str())),
                MessagePart::Query(name) => query_value(self.request.query(), name)
                    .or_else(|| text(self.parameters.query.get(name)?)),
                MessagePart::Path(name) => text(self.parameters.path.get(name)?),
                MessagePart::Body(pointer) => match (self.body(), pointer.as_str()) {
                    (Some(body), _) => text(pointer.get(body)?),
                    (None, "") => {
                        let body = std::str::from_utf8(&self.request.body).ok();
                        body.filter(|body| !body.is_empty()).map(str::to_owned)
                    }
                    (None, _) => None,
                },
            },
            RuntimeExpression::Reply(part) => match part {
                MessagePart::Header(name) => field(&self.reply.headers, name),
                MessagePart::Body(pointer) => text(pointer.get(self.reply_body()?)?),
                MessagePart::Query(_) | MessagePart::Path(_) => None,
            },
        }
    }

    /// A declared header parameter that wasn't sent has its default.
    fn default_of(&self, values: &serde_json::Map<String, Value>, name: &str) -> Option<String> {
        let named = |known: &&String| known.eq_ignore_ascii_case(name);
        text(values.get(values.keys().find(named)?)?)
    }

    fn url(&self) -> String {
        let (origin, target) = (self.request.origin(), &self.request.target);
        format!("{origin}{}{target}", self.prefix)
    }
}

/// A text of which letters, digits and these stand as they are.
fn kept(text: &str, others: &str) -> String {
    encode_percent(text, |octet| {
        octet.is_ascii_alphanumeric() || others.contains(char::from(octet))
    })
}

/// What may stand in a URL as it is (RFC 3986 §2.2, §2.3), beside letters and digits, and the sign
/// of what is encoded already.
const GIVEN: &str = "-._~:/?#[]@!$&'()*+,;=%";

/// Whether what follows is still part of the host and port.
fn is_host(before: &str) -> bool {
    let rest = before.split_once("://").map(|(_, rest)| rest);
    rest.is_some_and(|rest| !rest.contains(['/', '?', '#']))
}

/// The values of a field, as one (RFC 9110 §5.3).
fn field(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values = headers.get_all(name).iter();
    let values: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Method, StatusCode, header};
    use serde_json::json;

    /// The URL that a key gives in the encounter of OpenAPI 3.1.1 §4.8.18.2.
    fn address(key: &str) -> Result<String, String> {
        let target = "/subscribe/myevent?queryUrl=https://clientdomain.com/stillrunning&n=a%20b+c";
        let request = Request::new(Method::POST, target)
            .with_header(header::HOST, "example.org")
            .with_header(header::CONTENT_TYPE, "application/json");
        let body = json!({
            "failedUrl": "https://clientdomain.com/failed",
            "successUrls": ["https://clientdomain.com/fast", "https://clientdomain.com/medium"],
            "number": 2, "none": null, "text": "a/b?c#d&e=é", "host": "localhost:9000",
            "cut": "http://a/\r\nHost: b", "odd": "http://a/é b\"",
        });
        let mut reply = Reply::json(StatusCode::CREATED, "application/json", &json!({"id": 7}));
        reply.set(header::LOCATION, "https://example.org/subscription/1");
        let mut parameters = Parameters::default();
        parameters
            .path
            .insert("eventType".to_owned(), "myevent".into());
        parameters.header.insert("X-Kind".to_owned(), "all".into());
        let payload = Payload::Value(0, body);
        let encounter = Encounter::new(&request, "/api", &parameters, &payload, &reply);
        encounter.address(&CallbackUrl::parse(key).expect(key))
    }

    #[test]
    fn the_table_of_the_specification_holds() {
        for (key, url) in [
            (
                "$url",
                "http://example.org/api/subscribe/myevent?queryUrl=https://clientdomain.com/stillrunning&n=a%20b+c",
            ),
            ("$method", "POST"),
            ("$statusCode", "201"),
            ("$request.path.eventType", "myevent"),
            (
                "$request.query.queryUrl",
                "https://clientdomain.com/stillrunning",
            ),
            ("$request.header.content-Type", "application/json"),
            ("$request.header.x-kind", "all"),
            (
                "$request.body#/failedUrl",
                "https://clientdomain.com/failed",
            ),
            (
                "$request.body#/successUrls/1",
                "https://clientdomain.com/medium",
            ),
            (
                "$response.header.Location",
                "https://example.org/subscription/1",
            ),
            ("$response.body#/id", "7"),
        ] {
            assert_eq!(address(key).as_deref(), Ok(url), "{key}");
            assert_eq!(address(&format!("{{{key}}}")).as_deref(), Ok(url), "{key}");
        }
    }

    #[test]
    fn a_value_within_a_url_can_add_no_part_to_it() {
        for (key, url) in [
            (
                "http://a/{$request.body#/text}?n={$request.body#/number}&q={$request.query.n}",
                "http://a/a%2Fb%3Fc%23d%26e%3D%C3%A9?n=2&q=a%20b%20c",
            ),
            (
                "{$request.body#/failedUrl}/data",
                "https://clientdomain.com/failed/data",
            ),
            ("http://{$request.body#/host}/x", "http://localhost:9000/x"),
            (
                "http://a.{$request.body#/text}/x",
                "http://a.a%2Fb%3Fc%23d%26e%3D%C3%A9/x",
            ),
            ("{$request.body#/odd}", "http://a/%C3%A9%20b%22"),
        ] {
            assert_eq!(address(key).as_deref(), Ok(url), "{key}");
        }
    }

    #[test]
    fn where_nothing_is_named_there_is_no_url() {
        for key in [
            "$request.query.callbackUrl",
            "$request.header.x-none",
            "$request.path.none",
            "$request.body#/none",
            "$request.body#/successUrls",
            "$request.body",
            "$response.body#/url",
            "http://a/{$response.header.etag}",
        ] {
            let why = address(key).expect_err(key);
            assert_eq!(why, format!("what {key} names isn't there"));
        }
        for key in ["$request.body#/cut", "http://a/{$request.body#/cut}"] {
            let why = address(key).expect_err(key);
            assert_eq!(why, "the URL would have control characters");
        }
    }
}
