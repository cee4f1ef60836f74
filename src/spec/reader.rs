//! Walks `paths` and follows references; what an object says is read by its [`Dialect`].

use super::dialect::Dialect;
use super::document::Document;
use super::model::*;
use super::tree::Node;
use super::v20;
use crate::wire::Method;
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
        let node = document.node(stub.at);
        self.dialect.check_operation(node)?;
        let security = node
            .get("security")
            .or_else(|| document.root().get("security"));
        let declared = self.declared_parameters(node, document.node(stub.item))?;
        Ok(Operation {
            id: node
                .get("operationId")
                .and_then(Node::text)
                .map(|id| id.into_owned()),
            method: stub.method.clone(),
            path: Arc::clone(&stub.path),
            at: stub.at,
            parameters: self.parameters(&declared)?,
            body: match (self.dialect, node.get("requestBody")) {
                (Dialect::V20, _) => v20::body(self, node, &declared),
                (_, Some(body)) => Some(self.body(body)?),
                _ => None,
            },
            responses: self.responses(node)?,
            security: match security {
                Some(security) => self.security(security)?,
                None => Vec::new(),
            },
            callbacks: self.callbacks(node)?,
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

    /// The operation's own parameters win over those of its path item (same name and place).
    fn parameters(&self, declared: &[Node<'_>]) -> Result<Vec<Parameter>, Misread> {
        let mut parameters: Vec<Parameter> = Vec::new();
        for node in declared {
            let place = node.get("in").and_then(Node::text);
            if self.dialect == Dialect::V20 && matches!(place.as_deref(), Some("body" | "formData"))
            {
                continue;
            }
            let parameter = self.dialect.parameter(*node)?;
            let ignored = ["accept", "content-type", "authorization"];
            let name = parameter.name.to_ascii_lowercase();
            if parameter.location == Location::Header && ignored.contains(&name.as_str()) {
                continue;
            }
            parameters.retain(|p| p.location != parameter.location || p.name != parameter.name);
            parameters.push(parameter);
        }
        Ok(parameters)
    }

    fn body(&self, node: Node<'d>) -> Result<RequestBody, Misread> {
        let node = self.document.resolve(node)?;
        Ok(RequestBody {
            required: self.dialect.body_is_required(node)?,
            content: self.content(node)?,
        })
    }

    fn content(&self, node: Node<'d>) -> Result<Vec<Content>, Misread> {
        let mut content = Vec::new();
        let declared = node.get("content");
        for (name, media_type) in declared.into_iter().flat_map(Node::entries) {
            // 3.2 lets a media type be a reference too.
            let media_type = self.document.resolve(media_type)?;
            let mut examples = Vec::new();
            if let Some(example) = media_type.get("example") {
                examples.push(Example {
                    name: String::new(),
                    value: example.value(),
                    at: example.at(),
                });
            }
            let named = media_type.get("examples");
            for (name, example) in named.into_iter().flat_map(Node::entries) {
                let example = self.document.resolve(example)?;
                let value = example.get("value").or_else(|| example.get("dataValue"));
                if let Some(value) = value {
                    examples.push(Example {
                        name: name.into_owned(),
                        value: value.value(),
                        at: value.at(),
                    });
                }
            }
            content.push(Content {
                media_type: name.into_owned(),
                schema: media_type.get("schema").map(Node::at),
                item_schema: media_type.get("itemSchema").map(Node::at),
                encoding: self.encoding(media_type)?,
                examples,
                at: media_type.at(),
            });
        }
        Ok(content)
    }

    fn encoding(&self, holder: Node<'d>) -> Result<Vec<(String, Encoding)>, Misread> {
        let mut encodings = Vec::new();
        let declared = holder.get("encoding");
        for (name, node) in declared.into_iter().flat_map(Node::entries) {
            let mut encoding = self.dialect.encoding(node)?;
            let headers = node.get("headers");
            for (name, header) in headers.into_iter().flat_map(Node::entries) {
                let header = self.document.resolve(header)?;
                // The part's type is told by `contentType` (§4.8.15.1).
                let told = name.eq_ignore_ascii_case("content-type");
                if !told && header.get("required").and_then(Node::as_bool) == Some(true) {
                    encoding.required_headers.push(name.into_owned());
                }
            }
            encodings.push((name.into_owned(), encoding));
        }
        Ok(encodings)
    }

    fn responses(&self, operation: Node<'d>) -> Result<Vec<Response>, Misread> {
        let mut responses = Vec::new();
        let declared = operation.get("responses");
        for (key, node) in declared.into_iter().flat_map(Node::entries) {
            let Some(status) = StatusKey::parse(&key) else {
                continue;
            };
            let node = self.document.resolve(node)?;
            let mut response = self.dialect.response(status, node)?;
            response.content = match self.dialect {
                Dialect::V20 => v20::content(self, operation, node),
                _ => self.content(node)?,
            };
            let headers = node.get("headers");
            for (name, node) in headers.into_iter().flat_map(Node::entries) {
                let node = self.document.resolve(node)?;
                response.headers.push(self.dialect.header(&name, node)?);
            }
            responses.push(response);
        }
        Ok(responses)
    }

    pub(super) fn security(&self, node: Node<'d>) -> Result<Vec<SecurityRequirement>, Misread> {
        let mut alternatives = Vec::new();
        for alternative in node.items() {
            let mut uses = Vec::new();
            for (name, scopes) in alternative.entries() {
                let scopes = scopes.items().filter_map(Node::text);
                uses.push(SchemeUse {
                    scheme: Arc::new(self.scheme(&name, alternative)?),
                    scopes: scopes.map(|scope| scope.into_owned()).collect(),
                });
            }
            alternatives.push(uses);
        }
        Ok(alternatives)
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
                    format!("there is no security scheme `{name}` in the components"),
                ));
            }
        };
        Ok(SecurityScheme {
            name: name.to_owned(),
            kind: self.dialect.security_scheme(node)?,
            credential_pattern: node
                .get("x-credential-pattern")
                .and_then(Node::text)
                .map(|pattern| pattern.into_owned()),
            at: node.at(),
        })
    }

    fn callbacks(&self, operation: Node<'d>) -> Result<Vec<Callback>, Misread> {
        let mut callbacks = Vec::new();
        let declared = operation.get("callbacks");
        for (name, node) in declared.into_iter().flat_map(Node::entries) {
            let node = self.document.resolve(node)?;
            for (url, item) in node.entries().filter(|(url, _)| !url.starts_with("x-")) {
                let item = self.document.resolve(item)?;
                for (method, operation) in operations_of(item, self.dialect) {
                    let content = match operation.get("requestBody") {
                        Some(body) => self.body(body)?.content,
                        None => Vec::new(),
                    };
                    callbacks.push(Callback {
                        name: name.clone().into_owned(),
                        url: url.clone().into_owned(),
                        method,
                        schema: content.into_iter().find_map(|content| content.schema),
                    });
                }
            }
        }
        Ok(callbacks)
    }
}
