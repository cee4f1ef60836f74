//! Step 13: the mock judges its own reply.

use super::Judged;
use crate::contract::Contract;
use crate::decode::decode_reply;
use crate::decode::parse_json;
use crate::mock::{
    Prepared, PreparedContent, PreparedField, PreparedResponse, breaches, hush, unsent,
};
use crate::validate::{Place, View, Violation, check_fields};
use crate::wire::{HeaderName, MediaType, Pointer, Reply, StatusCode, header};
use serde_json::Value;
use std::borrow::Cow;
use std::sync::atomic::Ordering;

/// Fields that the server adds to every reply, or that its framing takes the place of.
const ADDED_LATER: [HeaderName; 9] = [
    header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
    header::ACCESS_CONTROL_ALLOW_ORIGIN,
    header::ACCESS_CONTROL_EXPOSE_HEADERS,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::DATE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::X_CONTENT_TYPE_OPTIONS,
];

impl Contract {
    /// How a reply breaks what is documented for its status: header fields, media type, body.
    /// `judged` says what is known of a body that is JSON, which spares reading it again.
    ///
    /// An error of a status that isn't documented is none of the contract's replies, and nothing
    /// is said of it; success is.
    pub(super) fn audit(
        &self,
        operation: &Prepared,
        reply: &Reply,
        judged: &Judged,
    ) -> Vec<Violation> {
        let Some(response) = operation.response(reply.status.as_u16()) else {
            let is_news = reply.status.is_success() && operation.documents_final();
            let told = || format!("{} is not documented", reply.status.as_u16());
            return is_news
                .then(|| breach(Place::Status, "status", told()))
                .into_iter()
                .collect();
        };
        let fields = response.fields.iter();
        let fields = fields.filter(|field| !ADDED_LATER.contains(&field.reader.name));
        let mut found: Vec<Violation> = fields
            .flat_map(|field| self.audit_field(field, reply))
            .collect();
        match sent_as(response, reply) {
            Ok(Some((content, sent))) => found.extend(match judged {
                Judged::Unseen => Vec::new(),
                Judged::Valid if content.media_type.is_json() => Vec::new(),
                Judged::As(body) if content.media_type.is_json() => self.audit_json(content, body),
                _ => self.audit_bytes(content, &sent, reply),
            }),
            Ok(None) => {}
            Err(violation) => found.push(violation),
        }
        hush(&self.shapes, Some(operation), &mut found);
        found
    }

    /// A value that was found valid once needs no second look.
    fn audit_field(&self, field: &PreparedField, reply: &Reply) -> Vec<Violation> {
        let mut values = reply.headers.get_all(&field.reader.name).iter();
        let only = values.next().filter(|_| values.next().is_none());
        if only.is_some() && only == field.sound.get() {
            return Vec::new();
        }
        let fields = std::iter::once((&field.reader, field.schema));
        let (schemas, shapes) = (&self.schemas, &self.shapes);
        let mut found = check_fields(&self.document, fields, schemas, shapes, &reply.headers);
        let is_absent = !reply.headers.contains_key(&field.reader.name);
        if let Some(breach) = found.first_mut().filter(|_| is_absent)
            && let Some(why) = unsent(self.contents(), field)
        {
            breach.detail = format!("{}: {why}", breach.detail);
        }
        if let Some(value) = only.filter(|_| found.is_empty()) {
            // Another may have been kept meanwhile, which is as good.
            let _ = field.sound.set(value.clone());
        }
        found
    }

    /// What everyone is sent is judged when it is first sent.
    fn audit_bytes(
        &self,
        content: &PreparedContent,
        sent: &MediaType,
        reply: &Reply,
    ) -> Vec<Violation> {
        let ready = content.ready_of(&reply.body);
        if ready.is_some_and(|ready| ready.is_sound.load(Ordering::Relaxed)) {
            return Vec::new();
        }
        let found = self.audit_body(content, sent, reply);
        if let Some(ready) = ready.filter(|_| found.is_empty()) {
            ready.is_sound.store(true, Ordering::Relaxed);
        }
        found
    }

    fn audit_json(&self, content: &PreparedContent, body: &Value) -> Vec<Violation> {
        let check = |schema| self.schemas.check(schema, body, &Place::Body);
        content.schema.map(check).unwrap_or_default()
    }

    fn audit_body(
        &self,
        content: &PreparedContent,
        sent: &MediaType,
        reply: &Reply,
    ) -> Vec<Violation> {
        let whole = || Place::Body(Pointer::root());
        if sent.is_json() && sent.parameter("charset").is_none() {
            // The reader of requests is stricter, and tells places that nobody asks for here.
            return match reply.body_json() {
                Some(body) => self.audit_json(content, &body),
                None => {
                    let why = parse_json(&reply.body).err();
                    let why = why.filter(|why| why.starts_with("nested"));
                    let why =
                        why.map_or_else(|| "is not JSON".to_owned(), |why| format!("is {why}"));
                    vec![breach(whole(), "syntax", why)]
                }
            };
        }
        match decode_reply(&reply.body, sent, content.offer(), &self.shapes) {
            Ok(body) => breaches(&self.schemas, Some(content), View::Reply, &body),
            Err(fault) => vec![breach(whole(), "syntax", fault)],
        }
    }
}

/// The documented media type that a body has, and the one that it is sent as. Nothing where there
/// is no body to be judged: where none is documented either, what is sent is the mock's own.
fn sent_as<'r>(
    response: &'r PreparedResponse,
    reply: &Reply,
) -> Result<Option<(&'r PreparedContent, Cow<'r, MediaType>)>, Violation> {
    let never = [
        StatusCode::NO_CONTENT,
        StatusCode::RESET_CONTENT,
        StatusCode::NOT_MODIFIED,
    ];
    if response.contents.is_empty() || never.contains(&reply.status) {
        return Ok(None);
    }
    let mut contents = response.contents.iter();
    let Some(field) = reply.header(&header::CONTENT_TYPE) else {
        if reply.headers.contains_key(header::CONTENT_TYPE) {
            let detail = "is no media type: it isn't ASCII".to_owned();
            return Err(breach(content_type(), "content", detail));
        }
        // A body of no octets is a body of some media types: a file may be empty.
        let needs_body = contents.any(|content| content.media_type.is_json());
        return match reply.body.is_empty() && !needs_body {
            true => Ok(None),
            false => {
                let detail = "is required, and isn't there".to_owned();
                Err(breach(content_type(), "required", detail))
            }
        };
    };
    if let Some(content) = contents.clone().find(|content| content.name == field) {
        return Ok(Some((content, Cow::Borrowed(&content.media_type))));
    }
    let sent = MediaType::parse(field);
    let found = sent.and_then(|sent| {
        let fitting = contents.filter(|content| content.media_type.takes_in(&sent));
        let content = fitting.max_by_key(|content| content.media_type.nearness(&sent))?;
        Some((content, Cow::Owned(sent)))
    });
    found.map(Some).ok_or_else(|| {
        let names = response
            .contents
            .iter()
            .map(|content| content.media_type.to_string());
        let names = names.collect::<Vec<_>>().join(" or ");
        breach(
            content_type(),
            "content",
            format!("must be {names}, got {field}"),
        )
    })
}

fn content_type() -> Place {
    Place::Header("Content-Type".to_owned())
}

/// A violation; what is said of the body in a sentence of its own is told behind its place.
pub(super) fn breach(place: Place, rule: &str, detail: String) -> Violation {
    let behind = ["the body ", "a body "];
    let behind = behind.iter().find_map(|lead| detail.strip_prefix(lead));
    let detail = match behind.filter(|_| matches!(place, Place::Body(_))) {
        Some(rest) => rest.to_owned(),
        None => detail,
    };
    Violation {
        place,
        rule: rule.to_owned(),
        detail,
        origin: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Bytes, HeaderValue};

    const DOCUMENT: &str = r#"
openapi: 3.2.0
info: {title: T, version: '1'}
paths:
  /x:
    get:
      responses:
        '200':
          description: All kinds
          headers:
            ETag: {required: true, schema: {type: string, pattern: '^"'}}
            X-Count: {schema: {type: integer, minimum: 1}}
            X-Ids: {schema: {type: array, items: {type: integer}}}
            X-Page: {content: {application/json: {schema: {type: object, required: [n]}}}}
            X-Any: {}
            Date: {required: true, schema: {type: string}}
            Content-Type: {required: true, schema: {const: never}}
            Set-Cookie: {schema: {type: string, pattern: '='}}
          content:
            application/json: &pet
              schema: &object
                type: object
                required: [n, list]
                properties:
                  n: {type: integer}
                  list: {type: array, items: {type: string}}
                  secret: {type: string, writeOnly: true}
            application/xml: *pet
            application/x-www-form-urlencoded: *pet
            multipart/form-data: *pet
            application/jsonl: {itemSchema: *object}
            text/csv: {schema: {type: array, items: *object}}
            text/event-stream: {itemSchema: {type: object, properties: {event: {const: tick}}}}
            text/plain: {schema: {type: integer}}
            image/png: {}
        '204': {description: Nothing}
        '400':
          description: Wrong
          content: {application/problem+json: {schema: {type: object, required: [status]}}}
        '401': {description: Who are you, headers: {WWW-Authenticate: {required: true, schema: {type: string}}}}
"#;

    /// What is told of a reply of `GET /x`, with the header fields given, an ETag but for that.
    fn audit(status: u16, fields: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Vec<String> {
        let contract = Contract::from_text("t.yaml", DOCUMENT).expect("a contract");
        let mut reply = Reply::new(StatusCode::from_u16(status).expect("a status"));
        reply.set(header::ETAG, "\"1\"");
        for (name, value) in fields {
            let name: HeaderName = name.parse().expect("a name");
            match *value {
                "" => {
                    reply.headers.remove(name);
                }
                value => {
                    reply.headers.append(&name, value.parse().expect("a value"));
                }
            }
        }
        reply.body = body.into().into();
        let found = contract.audit(contract.operations.get(0), &reply, &Judged::Not);
        let told = |v: &Violation| format!("{} {} {}", v.place, v.rule, v.detail);
        found.iter().map(told).collect()
    }

    fn body(media_type: &str, body: &str) -> Vec<String> {
        audit(200, &[("content-type", media_type)], body)
    }

    #[test]
    fn a_body_is_judged_by_the_schema_of_its_media_type() {
        for (media_type, right, wrong, told) in [
            (
                "application/json",
                r#"{"n": 1, "list": []}"#,
                r#"{"n": "x", "list": []}"#,
                "body /n type must be an integer, got the string \"x\"",
            ),
            (
                "application/xml",
                "<x><n>1</n></x>",
                "<x><n>a</n></x>",
                "body /n type must be an integer, got the string \"a\"",
            ),
            (
                "application/x-www-form-urlencoded",
                "n=1",
                "list=a",
                "body /n required is required",
            ),
            (
                "multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data; name=n\r\n\r\n1\r\n--b\r\nContent-Disposition: form-data; name=list\r\n\r\na\r\n--b--",
                "--b--",
                "body /n required is required",
            ),
            (
                "application/jsonl",
                "{\"n\":1,\"list\":[]}\n",
                "{\"n\":1,\"list\":[]}\n{\"n\":1}\n",
                "body /1/list required is required",
            ),
            (
                "text/csv",
                "n,list\n1,\"[\"\"a\"\"]\"\n",
                "n,list\na,[]\n",
                "body /0/n type must be an integer, got the string \"a\"",
            ),
            (
                "text/event-stream",
                "event: tick\n\n",
                "event: tack\n\n",
                "body /0/event const must be \"tick\", got \"tack\"",
            ),
            (
                "text/plain",
                "5",
                "five",
                "body type must be an integer, got the string \"five\"",
            ),
            (
                "application/json",
                "{\"n\":1,\"list\":[]}",
                "{",
                "body syntax is not JSON",
            ),
            (
                "application/xml",
                "<x><n>1</n></x>",
                "{}",
                "body syntax is not XML that is read: it has text outside of its root element",
            ),
        ] {
            assert_eq!(body(media_type, right), [""; 0], "{media_type}");
            let found = body(media_type, wrong);
            assert_eq!(
                found.first().map(String::as_str),
                Some(told),
                "{media_type}"
            );
        }
        assert_eq!(body("image/png", "anything"), [""; 0]);
    }

    #[test]
    fn what_cant_be_read_is_told_as_what_it_is() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        let found = body("application/json", &deep);
        let told = "body syntax is nested deeper than 128 levels";
        assert!(found[0].starts_with(told), "{found:?}");
        let contract = Contract::from_text("t.yaml", DOCUMENT).expect("a contract");
        let mut reply = Reply::new(StatusCode::OK);
        let odd = HeaderValue::from_bytes(b"application/\xff").expect("a value");
        reply.headers.insert(header::CONTENT_TYPE, odd);
        let found = contract.audit(contract.operations.get(0), &reply, &Judged::Not);
        let mut told = found.iter().map(|found| found.detail.as_str());
        assert!(
            told.any(|told| told == "is no media type: it isn't ASCII"),
            "{found:?}"
        );
    }

    #[test]
    fn a_media_type_is_one_of_those_documented() {
        let found = body("text/html", "x");
        assert!(
            found[0].starts_with("header Content-Type content must be application/json or "),
            "{found:?}"
        );
        let found = audit(200, &[], "x");
        assert_eq!(
            found,
            ["header Content-Type required is required, and isn't there"]
        );
        assert_eq!(audit(200, &[], ""), found);
        assert_eq!(audit(204, &[], ""), [""; 0]);
        let problem = [("content-type", "application/problem+json")];
        assert_eq!(
            audit(400, &problem, "{}"),
            ["body /status required is required"]
        );
        // What isn't documented for an error is the mock's own.
        assert_eq!(audit(404, &problem, "{}"), [""; 0]);
        assert_eq!(audit(201, &[], ""), ["status status 201 is not documented"]);
    }

    #[test]
    fn header_fields_are_judged_as_they_are_written() {
        let fields = |fields: &[(&str, &str)]| {
            let mut all = vec![("content-type", "image/png")];
            all.extend(fields);
            audit(200, &all, "")
        };
        for right in [
            &[
                ("x-count", "1"),
                ("x-ids", "1, 2"),
                ("x-page", "{\"n\":1}"),
                ("x-any", "é"),
            ][..],
            &[("set-cookie", "a=1, b"), ("set-cookie", "c=2")],
            &[("x-ids", "1"), ("x-ids", "2")],
        ] {
            assert_eq!(fields(right), [""; 0]);
        }
        for (name, value, told) in [
            (
                "etag",
                "",
                "header ETag required is required, and isn't there",
            ),
            (
                "x-count",
                "0",
                "header X-Count minimum must be at least 1, got 0",
            ),
            (
                "x-ids",
                "1,a",
                "header X-Ids[1] type must be an integer, got the string \"a\"",
            ),
            ("x-page", "{}", "header X-Page[n] required is required"),
            (
                "x-page",
                "{",
                "header X-Page style is not JSON: it ends within an object at line 1 column 2",
            ),
            (
                "set-cookie",
                "a",
                "header Set-Cookie pattern must match =, got \"a\"",
            ),
        ] {
            assert_eq!(fields(&[(name, value)]), [told], "{name}: {value}");
        }
        assert_eq!(
            audit(401, &[], ""),
            ["header WWW-Authenticate required is required, and isn't there"]
        );
    }

    #[test]
    fn a_body_that_was_judged_on_the_way_is_not_read_again() {
        let contract = Contract::from_text("t.yaml", DOCUMENT).expect("a contract");
        let mut reply = Reply::new(StatusCode::OK);
        reply.set(header::CONTENT_TYPE, "application/json");
        reply.body = "{".into();
        let found = contract.audit(contract.operations.get(0), &reply, &Judged::Valid);
        let places: Vec<String> = found.iter().map(|v| v.place.to_string()).collect();
        assert_eq!(places, ["header ETag"]);
    }

    #[test]
    fn what_everyone_is_sent_is_judged_when_it_is_first_sent() {
        let contract = Contract::from_text("t.yaml", DOCUMENT).expect("a contract");
        let operation = contract.operations.get(0);
        let mut contents = operation.responses[0].contents.iter();
        let xml = contents.find(|content| content.name == "application/xml");
        let ready = xml.expect("XML").ready(contract.contents());
        let ready = ready.expect("a body");
        let mut reply = Reply::new(StatusCode::OK);
        reply.set(header::CONTENT_TYPE, "application/xml");
        let mut told = |count: &str, body: Bytes| {
            reply.set(header::ETAG, "\"1\"");
            reply.set(HeaderName::from_static("x-count"), count);
            reply.body = body;
            let found = contract.audit(operation, &reply, &Judged::Valid);
            let places = found.iter().map(|violation| violation.place.to_string());
            places.collect::<Vec<_>>()
        };
        let own = || ready.encoded.body.clone();
        for _ in 0..2 {
            assert_eq!(told("1", own()), [""; 0]);
            assert!(ready.is_sound.load(Ordering::Relaxed));
        }
        assert_eq!(told("0", own()), ["header X-Count"]);
        assert_eq!(told("1", "<x><n>a</n></x>".into()), ["body /n"]);
    }
}
