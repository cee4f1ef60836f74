//! Walks `paths` and follows references; what an object says is read by its [`Dialect`].

use super::dialect::Dialect;
use super::model::*;
use crate::wire::{Method, Pointer};
use serde_json::Value;
use std::sync::Arc;

/// How many references may lead to references before it is taken for a loop.
const CHAIN_LIMIT: usize = 100;

/// The methods that a document can describe (OpenAPI 3.1.1 §4.8.9).
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
    pub(super) root: &'d Value,
    pub(super) dialect: Dialect,
}

pub(super) type Outcome = Result<Operation, (Method, String, Misread)>;

impl<'d> Reader<'d> {
    /// Every operation of `paths`, in document order, read or with the reason why not.
    pub(super) fn operations(&self) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let Some(paths) = self.root.get("paths").and_then(Value::as_object) else {
            return outcomes;
        };
        for (path, item) in paths.iter().filter(|(path, _)| path.starts_with('/')) {
            let at = Pointer::root().child("paths").child(path);
            for method in METHODS {
                let member = method.as_str().to_ascii_lowercase();
                if let Some(value) = item.get(&member) {
                    outcomes.push(
                        self.operation(path, &method, value, &at.child(&member), item, &at)
                            .map_err(|misread| (method, path.clone(), misread)),
                    );
                }
            }
        }
        outcomes
    }

    fn operation(
        &self,
        path: &str,
        method: &Method,
        value: &Value,
        at: &Pointer,
        item: &Value,
        item_at: &Pointer,
    ) -> Result<Operation, Misread> {
        self.dialect.check_operation(value, at)?;
        let security = value
            .get("security")
            .map(|value| (value, at.child("security")));
        let security = security.or_else(|| {
            let value = self.root.get("security")?;
            Some((value, Pointer::root().child("security")))
        });
        Ok(Operation {
            id: value
                .get("operationId")
                .and_then(Value::as_str)
                .map(str::to_owned),
            method: method.clone(),
            path: path.to_owned(),
            pointer: at.clone(),
            parameters: self.parameters(value, at, item, item_at)?,
            body: match value.get("requestBody") {
                Some(body) => Some(self.body(body, &at.child("requestBody"))?),
                None => None,
            },
            responses: self.responses(value, at)?,
            security: match security {
                Some((value, at)) => self.security(value, &at)?,
                None => Vec::new(),
            },
            callbacks: self.callbacks(value, at)?,
        })
    }

    /// The operation's own parameters win over those of its path item (same name and place).
    fn parameters(
        &self,
        operation: &Value,
        at: &Pointer,
        item: &Value,
        item_at: &Pointer,
    ) -> Result<Vec<Parameter>, Misread> {
        let mut parameters: Vec<Parameter> = Vec::new();
        for (holder, at) in [(item, item_at), (operation, at)] {
            let list = holder.get("parameters").and_then(Value::as_array);
            for (index, value) in list.into_iter().flatten().enumerate() {
                let (value, at) = self.resolve(value, &at.child("parameters").child(index))?;
                let parameter = self.dialect.parameter(value, &at)?;
                let ignored = ["accept", "content-type", "authorization"];
                let name = parameter.name.to_ascii_lowercase();
                if parameter.location == Location::Header && ignored.contains(&name.as_str()) {
                    continue;
                }
                parameters.retain(|p| p.location != parameter.location || p.name != parameter.name);
                parameters.push(parameter);
            }
        }
        Ok(parameters)
    }

    fn body(&self, value: &Value, at: &Pointer) -> Result<RequestBody, Misread> {
        let (value, at) = self.resolve(value, at)?;
        Ok(RequestBody {
            required: self.dialect.body_is_required(value, &at)?,
            content: self.content(value, &at)?,
        })
    }

    fn content(&self, value: &Value, at: &Pointer) -> Result<Vec<Content>, Misread> {
        let mut content = Vec::new();
        let declared = value.get("content").and_then(Value::as_object);
        for (name, media_type) in declared.into_iter().flatten() {
            let at = at.child("content").child(name);
            let mut examples = Vec::new();
            if let Some(example) = media_type.get("example") {
                examples.push((String::new(), example.clone()));
            }
            let named = media_type.get("examples").and_then(Value::as_object);
            for (name, example) in named.into_iter().flatten() {
                let (example, _) = self.resolve(example, &at.child("examples").child(name))?;
                if let Some(value) = example.get("value") {
                    examples.push((name.clone(), value.clone()));
                }
            }
            content.push(Content {
                media_type: name.clone(),
                schema: media_type.get("schema").map(|_| at.child("schema")),
                examples,
                pointer: at,
            });
        }
        Ok(content)
    }

    fn responses(&self, operation: &Value, at: &Pointer) -> Result<Vec<Response>, Misread> {
        let mut responses = Vec::new();
        let declared = operation.get("responses").and_then(Value::as_object);
        for (key, value) in declared.into_iter().flatten() {
            let Some(status) = StatusKey::parse(key) else {
                continue;
            };
            let (value, at) = self.resolve(value, &at.child("responses").child(key))?;
            let mut response = self.dialect.response(status, value, &at)?;
            response.content = self.content(value, &at)?;
            let headers = value.get("headers").and_then(Value::as_object);
            for (name, value) in headers.into_iter().flatten() {
                let (value, at) = self.resolve(value, &at.child("headers").child(name))?;
                response
                    .headers
                    .push(self.dialect.header(name, value, &at)?);
            }
            responses.push(response);
        }
        Ok(responses)
    }

    fn security(&self, value: &Value, at: &Pointer) -> Result<Vec<SecurityRequirement>, Misread> {
        let mut alternatives = Vec::new();
        for (index, alternative) in value.as_array().into_iter().flatten().enumerate() {
            let at = at.child(index);
            let mut uses = Vec::new();
            for (name, scopes) in alternative.as_object().into_iter().flatten() {
                uses.push(SchemeUse {
                    scheme: Arc::new(self.scheme(name, &at)?),
                    scopes: scopes
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(|scope| scope.as_str().map(str::to_owned))
                        .collect(),
                });
            }
            alternatives.push(uses);
        }
        Ok(alternatives)
    }

    fn scheme(&self, name: &str, used_at: &Pointer) -> Result<SecurityScheme, Misread> {
        let at = Pointer::root()
            .child("components")
            .child("securitySchemes")
            .child(name);
        let Some(value) = at.get(self.root) else {
            return Err(Misread::at(
                &used_at.child(name),
                format!("there is no security scheme `{name}` in the components"),
            ));
        };
        let (value, at) = self.resolve(value, &at)?;
        Ok(SecurityScheme {
            name: name.to_owned(),
            kind: self.dialect.security_scheme(value, &at)?,
            credential_pattern: value
                .get("x-credential-pattern")
                .and_then(Value::as_str)
                .map(str::to_owned),
            pointer: at,
        })
    }

    fn callbacks(&self, operation: &Value, at: &Pointer) -> Result<Vec<Callback>, Misread> {
        let mut callbacks = Vec::new();
        let declared = operation.get("callbacks").and_then(Value::as_object);
        for (name, value) in declared.into_iter().flatten() {
            let (value, at) = self.resolve(value, &at.child("callbacks").child(name))?;
            for (url, item) in value.as_object().into_iter().flatten() {
                let at = at.child(url);
                for method in METHODS {
                    let member = method.as_str().to_ascii_lowercase();
                    let Some(value) = item.get(&member) else {
                        continue;
                    };
                    let content = match value.get("requestBody") {
                        Some(body) => {
                            self.body(body, &at.child(&member).child("requestBody"))?
                                .content
                        }
                        None => Vec::new(),
                    };
                    callbacks.push(Callback {
                        name: name.clone(),
                        url: url.clone(),
                        method,
                        schema: content.into_iter().find_map(|content| content.schema),
                    });
                }
            }
        }
        Ok(callbacks)
    }

    /// Follows `$ref` to what it names, however many references lead there.
    fn resolve<'v>(&self, value: &'v Value, at: &Pointer) -> Result<(&'v Value, Pointer), Misread>
    where
        'd: 'v,
    {
        let (mut value, mut at) = (value, at.clone());
        for _ in 0..CHAIN_LIMIT {
            let Some(Value::String(reference)) = value.get("$ref") else {
                return Ok((value, at));
            };
            let target = reference
                .strip_prefix('#')
                .and_then(|fragment| Pointer::parse(&crate::wire::decode_percent(fragment).ok()?));
            let place = at.child("$ref");
            let Some(target) = target else {
                return Err(Misread::at(
                    &place,
                    format!("`{reference}` leads out of this document, which is not followed yet"),
                ));
            };
            value = target
                .get(self.root)
                .ok_or_else(|| Misread::at(&place, format!("there is nothing at `{reference}`")))?;
            at = target;
        }
        Err(Misread::at(&at, "these references lead in a circle"))
    }
}
