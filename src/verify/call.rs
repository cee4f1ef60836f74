use crate::contract::Contract;
use crate::decode::ParameterReader;
use crate::encode::encode_parameter;
use crate::mock::{Prepared, PreparedContent};
use crate::route::filled;
use crate::spec::{Location, Shapes};
use crate::wire::{Bytes, HeaderName, Method, Pointer, Request, header};
use serde_json::Value;
use std::sync::Arc;

/// Fields that say how long a message is, which who sends it knows (RFC 9112 §6): a contract that has
/// them as parameters says nothing of values.
const FRAMING: [&str; 2] = ["content-length", "transfer-encoding"];

/// Whether a header field is none that is made up.
pub(super) fn is_framing(name: &str) -> bool {
    FRAMING.iter().any(|own| name.eq_ignore_ascii_case(own))
}

/// A request to an operation, in its parts.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// The operation's number.
    pub operation: usize,
    pub method: Method,
    pub template: Arc<str>,
    /// The parameters of the path by their names, as they are written.
    pub path: Vec<(String, String)>,
    /// Those of the query: the pairs that each is written as.
    pub query: Vec<(String, String)>,
    pub headers: Vec<(String, String)>,
    pub cookies: Vec<(String, String)>,
    pub body: Option<Sent>,
    /// Whether it is sent without credentials.
    pub is_anonymous: bool,
    /// Where hooks have set something, and what then stood there.
    pub hooked: Vec<(Pointer, Option<String>)>,
}

/// A body, and what it says.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    /// Which of the operation's media types it is of.
    pub number: usize,
    pub content_type: String,
    /// What it says; nothing where it isn't written by the media type's rules.
    pub value: Option<Value>,
    pub bytes: Bytes,
}

impl Sent {
    /// A value as the numbered one of an operation's media types.
    pub fn of(
        contract: &Contract,
        operation: &Prepared,
        number: usize,
        value: Value,
    ) -> Option<Sent> {
        Sent::written(contract, operation, number, value, false)
    }

    /// The same; `is_example` says whether the document gives the value, which may be a body already.
    pub fn written(
        contract: &Contract,
        operation: &Prepared,
        number: usize,
        value: Value,
        is_example: bool,
    ) -> Option<Sent> {
        let content: &PreparedContent = operation.bodies.get(number)?;
        let contents = contract.contents();
        let encoded = content.encode(contents, &value, is_example, None).ok()?;
        Some(Sent {
            number,
            content_type: encoded.content_type,
            value: Some(value),
            bytes: encoded.body,
        })
    }
}

impl Call {
    /// One without parameters or body. Where there is a choice, JSON is asked for: what it says is
    /// read as it stands.
    pub fn bare(operation: &Prepared) -> Call {
        let json = operation.success_body().filter(|_| operation.is_negotiated);
        let accept = json.map(|content| ("Accept".to_owned(), content.name.clone()));
        Call {
            operation: operation.number,
            method: operation.declared.method.clone(),
            template: Arc::clone(&operation.declared.path),
            path: Vec::new(),
            query: Vec::new(),
            headers: accept.into_iter().collect(),
            cookies: Vec::new(),
            body: None,
            is_anonymous: false,
            hooked: Vec::new(),
        }
    }

    /// Its path and query within the contract.
    pub fn target(&self) -> String {
        let mut target = self.place();
        for (index, (_, pairs)) in self.query.iter().enumerate() {
            target.push(if index == 0 { '?' } else { '&' });
            target += pairs;
        }
        target
    }

    /// Its path within the contract.
    pub fn place(&self) -> String {
        filled(&self.template, &self.path)
    }

    /// The request as it goes out.
    pub fn sent(&self) -> Request {
        let mut request = self.request();
        FRAMING
            .iter()
            .for_each(|name| drop(request.headers.remove(*name)));
        request
    }

    /// The request as its contract has it, without credentials.
    pub fn request(&self) -> Request {
        let mut request = Request::new(self.method.clone(), self.target());
        for (name, value) in &self.headers {
            if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
                request = request.with_header(name, value);
            }
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<&str> = self.cookies.iter().map(|(_, pair)| &**pair).collect();
            request = request.with_header(header::COOKIE, &cookies.join("; "));
        }
        if let Some(body) = &self.body {
            if !body.content_type.is_empty() {
                request = request.with_header(header::CONTENT_TYPE, &body.content_type);
            }
            request = request.with_body(body.bytes.clone());
        }
        request
    }

    /// The same with another body.
    pub fn sending(&self, body: Option<Sent>) -> Call {
        Call {
            body,
            ..self.clone()
        }
    }

    /// The same with another header field, in the place of one of its name.
    pub fn with_header(&self, name: &str, value: &str) -> Call {
        let mut call = self.clone();
        call.headers
            .retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        call.headers.push((name.to_owned(), value.to_owned()));
        call
    }

    /// The same with another value of a parameter, or without it.
    pub fn with_parameter(
        &self,
        reader: &ParameterReader,
        value: Option<&Value>,
        shapes: &Shapes,
    ) -> Call {
        let mut call = self.clone();
        let parameter = &reader.parameter;
        let name = &parameter.name;
        let written = value.and_then(|value| encode_parameter(value, reader, shapes));
        let place = match parameter.location {
            Location::Path => &mut call.path,
            Location::Query | Location::Querystring => &mut call.query,
            Location::Header => &mut call.headers,
            Location::Cookie => &mut call.cookies,
        };
        let is_path = parameter.location == Location::Path;
        match place.iter().position(|(own, _)| own == name) {
            Some(at) => match written {
                Some(written) => place[at].1 = written,
                None if !is_path => drop(place.remove(at)),
                None => {}
            },
            None => place.extend(written.map(|written| (name.clone(), written))),
        }
        call
    }

    /// The same at another item: each of its path's parameters that is named there.
    pub fn at(&self, item: &[(String, String)]) -> Call {
        let mut call = self.clone();
        for (name, written) in &mut call.path {
            if let Some((_, value)) = item.iter().find(|(own, _)| own == name) {
                *written = crate::wire::encode_segment(value);
            }
        }
        call
    }
}
