//! Walks `paths` and follows references; what an object says is read by its [`Dialect`].

use super::dialect::{Dialect, content_of};
use super::document::Document;
use super::expression::CallbackUrl;
use super::model::*;
use super::notes::Notes;
use super::tree::Node;
use super::v20;
use crate::wire::{MediaType, Method};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// The methods that have a member of their own in a path item (OpenAPI 3.2.0 §4.9.1), but for
/// `query`, which the standard library of HTTP methods doesn't know.
pub const METHODS: [Method; 8] = [
    Method::GET,
    Method::PUT,
    Method::POST,
    Method::DELETE,
    Method::OPTIONS,
    Method::HEAD,
    Method::PATCH,
    Method::TRACE,
];

pub(super) struct Reader<'d> {
    pub(super) document: &'d Document,
    pub(super) dialect: Dialect,
    pub(super) notes: Notes,
}

/// The operations of a path item: each method and where its operation stands.
pub(super) fn operations_of<'d>(item: Node<'d>, dialect: Dialect) -> Vec<(Method, Node<'d>)> {
    let mut operations = Vec::new();
    for (name, value) in item.entries() {
        let method = match &*name {
            "get" => Method::GET,
            "put" => Method::PUT,
            "post" => Method::POST,
            "delete" => Method::DELETE,
            "options" => Method::OPTIONS,
            "head" => Method::HEAD,
            "patch" => Method::PATCH,
            "trace" if dialect > Dialect::V20 => Method::TRACE,
            "query" if dialect >= Dialect::V32 => match Method::from_bytes(b"QUERY") {
                Ok(method) => method,
                Err(_) => continue,
            },
            "additionalOperations" if dialect >= Dialect::V32 => {
                for (name, value) in value.entries() {
                    if let Ok(method) = Method::from_bytes(name.as_bytes()) {
                        operations.push((method, value));
                    }
                }
                continue;
            }
            _ => continue,
        };
        operations.push((method, value));
    }
    operations
}

impl<'d> Reader<'d> {
    /// Reads the operation that a stub announces.
    pub(super) fn operation(&self, stub: &Stub) -> Result<Operation, Misread> {
        let document = self.document;
        let node = document.resolve(document.node(stub.at))?;
        self.dialect.check_operation(node, &self.notes)?;
        let security = node
            .get("security")
            .or_else(|| document.root().get("security"));
        let body = node.get("requestBody").filter(|body| !body.is_null());
        let declared = self.declared_parameters(node, document.node(stub.item))?;
        let asks = security.is_some_and(|security| security.items().next().is_some());
        Ok(Operation {
            id: node
                .get("operationId")
                .and_then(Node::text)
                .map(|id| id.into_owned()),
            method: stub.method.clone(),
            path: Arc::clone(&stub.path),
            at: stub.at,
            parameters: self.parameters(&declared, asks)?,
            body: match (self.dialect, body) {
                (Dialect::V20, _) => v20::body(self, node, &declared),
                (_, Some(body)) => Some(self.body(body)?),
                _ => None,
            },
            responses: self.responses(node)?,
            security: match security {
                Some(security) => self.security(security),
                None => Vec::new(),
            },
            callbacks: self.callbacks(node),
            notes: Vec::new(),
        })
    }

    /// The parameters of the path item and then the operation's own, references followed.
    fn declared_parameters(
        &self,
        operation: Node<'d>,
        item: Node<'d>,
    ) -> Result<Vec<Node<'d>>, Misread> {
        let lists = [item, operation].map(|holder| holder.get("parameters"));
        let nodes = lists.into_iter().flatten().flat_map(Node::items);
        nodes.map(|node| self.document.resolve(node)).collect()
    }

    /// The operation's own parameters win over those of its path item (same name and place). What
    /// OpenAPI says of header fields that it describes elsewhere, 2.0 doesn't: credentials in the
    /// usual field are a parameter there, where no security scheme `asks` for them.
    fn parameters(&self, declared: &[Node<'d>], asks: bool) -> Result<Vec<Parameter>, Misread> {
        let mut parameters: Vec<Parameter> = Vec::new();
        for node in declared {
            let place = node.get("in").and_then(Node::text);
            if self.dialect == Dialect::V20 && matches!(place.as_deref(), Some("body" | "formData"))
            {
                continue;
            }
            let parameter = Parameter {
                examples: self.values(*node),
                ..self.dialect.parameter(*node, &self.notes)?
            };
            let is_ignored = match parameter.name.to_ascii_lowercase().as_str() {
                "accept" | "content-type" => true,
                "authorization" => asks || self.dialect != Dialect::V20,
                _ => false,
            };
            if parameter.location == Location::Header && is_ignored {
                continue;
            }
            parameters.retain(|p| p.location != parameter.location || p.name != parameter.name);
            parameters.push(parameter);
        }
        Ok(parameters)
    }

    fn body(&self, node: Node<'d>) -> Result<RequestBody, Misread> {
        let node = self.document.resolve(node)?;
        let mut content = self.content(node)?;
        if !node.get("content").is_some_and(Node::is_object) {
            content.push(Content {
                media_type: "*/*".to_owned(),
                schema: None,
                item_schema: None,
                encoding: Vec::new(),
                examples: Vec::new(),
                at: node.at(),
            });
        }
        Ok(RequestBody {
            required: self.dialect.body_is_required(node, &self.notes),
            content,
        })
    }

    fn content(&self, node: Node<'d>) -> Result<Vec<Content>, Misread> {
        let mut content = Vec::new();
        // No version lets the whole of it be a reference, but it means one thing only.
        let declared = node.get("content").map(|node| self.document.resolve(node));
        let declared = declared.transpose()?;
        for (name, media_type) in declared.into_iter().flat_map(Node::entries) {
            let written = media_type;
            if MediaType::parse(&name).is_none() && !written.is_object() && !written.is_null() {
                // A member of the holder that slipped in: a `description`, most often.
                let message = format!("`{name}` is no media type: it is left out");
                self.notes.say(written, message);
                continue;
            }
            // 3.2 lets a media type be a reference too.
            let media_type = self.document.resolve(media_type)?;
            content.push(Content {
                media_type: self.media_type(&name, written),
                schema: media_type.get("schema").map(Node::at),
                item_schema: media_type.get("itemSchema").map(Node::at),
                encoding: self.encoding(media_type),
                examples: self.examples(media_type, &name),
                at: media_type.at(),
            });
        }
        Ok(content)
    }

    /// The examples of a media type, a parameter or a header field; `media_type` is how one is
    /// written that stands in a file of its own.
    fn examples(&self, holder: Node<'d>, media_type: &str) -> Vec<Example> {
        let mut examples = Vec::new();
        if let Some(example) = holder.get("example") {
            examples.push(Example {
                name: String::new(),
                value: example.value(),
                at: example.at(),
            });
        }
        let named = holder.get("examples").filter(|named| named.is_object());
        for (name, example) in named.into_iter().flat_map(Node::entries) {
            // An example that can't be had is one less to choose from.
            let Some(example) = self.noted(self.document.resolve(example)) else {
                continue;
            };
            let value = example.get("value").or_else(|| example.get("dataValue"));
            let written = ["serializedValue", "externalValue"];
            let written = written.iter().find_map(|member| example.get(member));
            let (value, at) = match (value, written) {
                (Some(value), _) => (value.value(), value.at()),
                (None, Some(node)) => {
                    let read = self.written_example(node, media_type);
                    let Some(value) = self.noted(read) else {
                        continue;
                    };
                    (value, node.at())
                }
                (None, None) => continue,
            };
            examples.push(Example {
                name: name.into_owned(),
                value,
                at,
            });
        }
        examples
    }

    /// Those of a parameter or a header field, which are its own, or its media type's. What stands
    /// there in Swagger 2.0 is the schema's.
    fn values(&self, holder: Node<'d>) -> Vec<Value> {
        if self.dialect == Dialect::V20 {
            return Vec::new();
        }
        let content = content_of(holder).map(|(_, content)| content);
        let content = content.and_then(|content| self.document.resolve(content).ok());
        let holders = [Some(holder), content].into_iter().flatten();
        let examples = holders.flat_map(|holder| self.examples(holder, "text/plain"));
        examples.map(|example| example.value).collect()
    }

    fn header(&self, name: &str, node: Node<'d>) -> Header {
        Header {
            examples: self.values(node),
            ..self.dialect.header(name, node, &self.notes)
        }
    }

    /// An example that is written as a body is: in a file of its own, or as a text (3.2). JSON is
    /// read; of anything else the text is the value, in base64 where it is none.
    fn written_example(&self, node: Node<'d>, media_type: &str) -> Result<Value, Misread> {
        let text = node.text().unwrap_or_default();
        let parent = self.document.parent(node);
        let is_outside = parent
            .and_then(|example| example.get("externalValue"))
            .is_some_and(|external| external.at() == node.at());
        let bytes = match is_outside {
            true => self.document.attachment(node, &text)?,
            false => text.into_owned().into_bytes(),
        };
        let is_json = MediaType::parse(media_type).is_some_and(|name| name.is_json());
        if is_json {
            let read = serde_json::from_slice(&bytes);
            return read.map_err(|error| Misread::at(node, format!("this is no JSON: {error}")));
        }
        Ok(Value::String(match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(binary) => STANDARD.encode(binary.as_bytes()),
        }))
    }

    fn encoding(&self, holder: Node<'d>) -> Vec<(String, Encoding)> {
        let mut encodings = Vec::new();
        let named = holder.get("encoding").into_iter().flat_map(Node::entries);
        let placed = holder.get("prefixEncoding").into_iter();
        let placed = placed.flat_map(Node::items).enumerate();
        let placed = placed.map(|(index, node)| (Cow::Owned(index.to_string()), node));
        let further = holder.get("itemEncoding");
        let further = further.map(|node| (Cow::Borrowed(FURTHER), node));
        for (name, node) in named.chain(placed).chain(further) {
            let mut encoding = self.dialect.encoding(node, &self.notes);
            let headers = node.get("headers");
            for (name, header) in headers.into_iter().flat_map(Node::entries) {
                let Some(header) = self.noted(self.document.resolve(header)) else {
                    continue;
                };
                // The part's type is told by `contentType` (§4.8.15.1).
                if !name.eq_ignore_ascii_case("content-type") {
                    encoding.headers.push(self.header(&name, header));
                }
            }
            encodings.push((name.into_owned(), encoding));
        }
        encodings
    }

    /// The media type that a key names. Of one that has more to it the first part counts, as in
    /// `application/json, charset=utf-8`; one that is none says nothing of the type.
    fn media_type(&self, name: &str, node: Node<'_>) -> String {
        if MediaType::parse(name).is_some() {
            return name.to_owned();
        }
        let first = name.split([',', ';', ' ']).next().unwrap_or_default();
        let taken = match MediaType::parse(first) {
            Some(_) => first,
            None => "*/*",
        };
        let message = format!("`{name}` is no media type: it is taken for {taken}");
        self.notes.say(node, message);
        taken.to_owned()
    }

    fn responses(&self, operation: Node<'d>) -> Result<Vec<Response>, Misread> {
        let mut responses = Vec::new();
        let declared = operation.get("responses");
        for (key, node) in declared.into_iter().flat_map(Node::entries) {
            let Some(status) = StatusKey::parse(&key) else {
                continue;
            };
            let node = self.document.resolve(node)?;
            let mut response = self.dialect.response(status, node, &self.notes);
            response.content = match self.dialect {
                Dialect::V20 => v20::content(self, operation, node),
                _ => self.content(node)?,
            };
            let headers = node.get("headers");
            for (name, node) in headers.into_iter().flat_map(Node::entries) {
                if let Some(node) = self.noted(self.document.resolve(node)) {
                    response.headers.push(self.header(&name, node));
                }
            }
            responses.push(response);
        }
        Ok(responses)
    }

    /// What is read, or a note of why it isn't.
    fn noted<T>(&self, read: Result<T, Misread>) -> Option<T> {
        read.map_err(|misread| self.notes.add(misread)).ok()
    }

    /// The alternatives of `security`. A scheme that isn't declared says nothing of which
    /// credential would do: what can't be judged isn't asked for.
    pub(super) fn security(&self, node: Node<'d>) -> Vec<SecurityRequirement> {
        let mut alternatives = Vec::new();
        for alternative in node.items() {
            let mut uses = Vec::new();
            for (name, scopes) in alternative.entries() {
                let Some(scheme) = self.noted(self.scheme(&name, alternative)) else {
                    continue;
                };
                let scopes = scopes.items().filter_map(Node::text);
                uses.push(SchemeUse {
                    scheme: Arc::new(scheme),
                    scopes: scopes.map(|scope| scope.into_owned()).collect(),
                });
            }
            alternatives.push(uses);
        }
        alternatives
    }

    fn scheme(&self, name: &str, used: Node<'d>) -> Result<SecurityScheme, Misread> {
        let mut schemes = self.dialect.schemes().iter();
        let root = self.document.root();
        let schemes = schemes.try_fold(root, |node, member| node.get(member));
        let named = schemes.and_then(|schemes| schemes.get(name));
        // 3.2 lets a requirement name a scheme by URI.
        let node = match named {
            Some(node) => self.document.resolve(node)?,
            None if self.dialect >= Dialect::V32 && name.contains(['#', '/', '.']) => {
                self.document.target(used, name)?
            }
            None => {
                return Err(Misread::at(
                    used.get(name).unwrap_or(used),
                    format!("there is no security scheme `{name}`: it is not asked for"),
                ));
            }
        };
        let kind = self.dialect.security_scheme(node)?;
        let mut formats = ["bearerFormat", "x-bearer-format"].into_iter();
        let is_jwt = kind.is_bearer()
            && formats.any(|member| {
                let format = node.get(member).and_then(Node::text);
                format.is_some_and(|format| format.eq_ignore_ascii_case("jwt"))
            });
        Ok(SecurityScheme {
            name: name.to_owned(),
            kind,
            is_jwt,
            credential_pattern: node
                .get("x-credential-pattern")
                .and_then(Node::text)
                .map(|pattern| pattern.into_owned()),
            at: node.at(),
        })
    }

    /// Those that can be read: an operation answers without them.
    fn callbacks(&self, operation: Node<'d>) -> Vec<Message> {
        let declared = operation.get("callbacks");
        let declared = declared.into_iter().flat_map(Node::entries);
        declared
            .filter_map(|(name, node)| self.noted(self.callback(&name, node)))
            .flatten()
            .collect()
    }

    fn callback(&self, name: &str, node: Node<'d>) -> Result<Vec<Message>, Misread> {
        let mut callbacks = Vec::new();
        let node = self.document.resolve(node)?;
        for (key, item) in node.entries().filter(|(key, _)| !key.starts_with("x-")) {
            let url = CallbackUrl::parse(&key).map_err(|why| Misread::key_of(item, why));
            // A rule may announce it all the same: it says where to.
            let url = self.noted(url);
            callbacks.extend(self.messages(name, url, item)?);
        }
        Ok(callbacks)
    }

    /// The requests of a webhook, as far as they can be read.
    pub(super) fn webhook(&self, name: &str, item: Node<'d>) -> Vec<Message> {
        self.noted(self.messages(name, None, item))
            .unwrap_or_default()
    }

    /// The requests that a path item describes which the API itself sends.
    fn messages(
        &self,
        name: &str,
        url: Option<CallbackUrl>,
        item: Node<'d>,
    ) -> Result<Vec<Message>, Misread> {
        let item = self.document.resolve(item)?;
        let mut messages = Vec::new();
        for (method, operation) in operations_of(item, self.dialect) {
            let declared = self.declared_parameters(operation, item)?;
            let body = operation.get("requestBody").filter(|body| !body.is_null());
            let security = operation.get("security").map(|own| self.security(own));
            messages.push(Message {
                name: name.to_owned(),
                url: url.clone(),
                method,
                parameters: self.parameters(&declared, true)?,
                body: body.map(|body| self.body(body)).transpose()?,
                responses: self.noted(self.responses(operation)).unwrap_or_default(),
                security: security.unwrap_or_default().into(),
                at: operation.at(),
            });
        }
        Ok(messages)
    }
}
