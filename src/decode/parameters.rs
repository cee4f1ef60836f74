use super::parse_json;
use super::query::{Query, form_decode};
use super::style::{self, Form, Raw, typed};
use crate::spec::{Location, Parameter, ShapeId, Shapes};
use crate::wire::{HeaderName, Request, decode_percent, header};
use serde_json::{Map, Value};

/// The values of an operation's parameters, by place and name. Those that were not given and have
/// a default have it; those that can't be read are absent.
#[derive(Debug, Clone, Default)]
pub struct Parameters {
    /// Path parameters.
    pub path: Map<String, Value>,
    /// Query parameters.
    pub query: Map<String, Value>,
    /// Header parameters, by the declared name.
    pub header: Map<String, Value>,
    /// Cookie parameters.
    pub cookie: Map<String, Value>,
}

impl Parameters {
    /// Those of one place.
    pub fn of(&self, location: Location) -> &Map<String, Value> {
        match location {
            Location::Path => &self.path,
            Location::Query => &self.query,
            Location::Header => &self.header,
            Location::Cookie => &self.cookie,
        }
    }

    /// Those of one place, to be changed.
    pub fn of_mut(&mut self, location: Location) -> &mut Map<String, Value> {
        match location {
            Location::Path => &mut self.path,
            Location::Query => &mut self.query,
            Location::Header => &mut self.header,
            Location::Cookie => &mut self.cookie,
        }
    }
}

/// A parameter that can't be read, or isn't there and must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// Where it travels.
    pub location: Location,
    /// Its name.
    pub name: String,
    /// What is wrong.
    pub detail: String,
    /// Whether it is absent though required.
    pub missing: bool,
}

/// A declared parameter with all that reading it takes.
#[derive(Debug)]
pub struct ParameterReader {
    /// The declaration.
    pub parameter: Parameter,
    /// The shape of its schema.
    pub shape: Option<ShapeId>,
    header: Option<HeaderName>,
}

impl ParameterReader {
    /// Prepares a declared parameter.
    pub fn new(parameter: Parameter, shape: Option<ShapeId>) -> ParameterReader {
        let header = match parameter.location {
            Location::Header => parameter.name.parse().ok(),
            _ => None,
        };
        ParameterReader {
            parameter,
            shape,
            header,
        }
    }

    /// The value that it has where none is given.
    pub fn default(&self, shapes: &Shapes) -> Option<Value> {
        shapes.get(self.shape?).default.clone()
    }

    /// Reads all the parameters of a request. `captures` are those of the path, still encoded.
    pub fn read_all(
        readers: &[ParameterReader],
        shapes: &Shapes,
        request: &Request,
        captures: &[(&str, &str)],
    ) -> (Parameters, Vec<Malformed>) {
        let mut parameters = Parameters::default();
        let mut malformed = Vec::new();
        let query = Query::parse(request.query());
        for (name, detail) in &query.faults {
            malformed.push(Malformed {
                location: Location::Query,
                name: name.clone(),
                detail: detail.clone(),
                missing: false,
            });
        }
        for reader in readers {
            let declared = &reader.parameter;
            let mut fault = |detail: String, missing| {
                malformed.push(Malformed {
                    location: declared.location,
                    name: declared.name.clone(),
                    detail,
                    missing,
                })
            };
            let value = match reader.read(shapes, request, &query, captures) {
                Ok(Some(value)) => Some(value),
                Ok(None) if declared.required => {
                    fault("is required, and isn't there".to_owned(), true);
                    None
                }
                Ok(None) => reader.default(shapes),
                Err(detail) => {
                    fault(detail, false);
                    reader.default(shapes)
                }
            };
            if let Some(value) = value {
                parameters
                    .of_mut(declared.location)
                    .insert(declared.name.clone(), value);
            }
        }
        // A path parameter that the document forgot to declare is a text all the same.
        for (name, text) in captures {
            let declared = |reader: &ParameterReader| {
                reader.parameter.location == Location::Path && reader.parameter.name == *name
            };
            if !readers.iter().any(declared)
                && let Ok(text) = decode_percent(text)
            {
                parameters.path.insert((*name).to_owned(), text.into());
            }
        }
        (parameters, malformed)
    }

    fn read(
        &self,
        shapes: &Shapes,
        request: &Request,
        query: &Query<'_>,
        captures: &[(&str, &str)],
    ) -> Result<Option<Value>, String> {
        let declared = &self.parameter;
        let shape = self.shape.map(|id| shapes.get(id));
        if declared.media_type.is_some() {
            return self.read_content(shapes, request, query, captures);
        }
        let form = shape.map_or(Form::Scalar, Form::of);
        let in_text = |text: &str, encoded| {
            style::read(
                declared.style,
                declared.explode,
                form,
                &declared.name,
                text,
                encoded,
            )
        };
        let raw = match declared.location {
            Location::Query => query.read(declared, shape)?,
            Location::Path => match self.captured(captures) {
                Some(text) => Some(in_text(text, true)?),
                None => None,
            },
            Location::Header => match self.header_text(request)? {
                Some(text) => Some(in_text(&text, false)?),
                None => None,
            },
            Location::Cookie => match cookie(request, &declared.name) {
                Some(text) => Some(in_text(text, true)?),
                None => None,
            },
        };
        Ok(raw.map(|raw| typed(raw, shapes, self.shape)))
    }

    /// A parameter of `content` is one text of its media type.
    fn read_content(
        &self,
        shapes: &Shapes,
        request: &Request,
        query: &Query<'_>,
        captures: &[(&str, &str)],
    ) -> Result<Option<Value>, String> {
        let name = &self.parameter.name;
        let text = match self.parameter.location {
            Location::Query => {
                let value = query.pairs().find(|(known, _)| known == name);
                value.map(|(_, value)| form_decode(value)).transpose()?
            }
            Location::Path => self.captured(captures).map(decode_percent).transpose()?,
            Location::Header => self.header_text(request)?,
            Location::Cookie => cookie(request, name).map(decode_percent).transpose()?,
        };
        let json = self.parameter.media_type.as_deref().is_some_and(|name| {
            crate::wire::MediaType::parse(name).is_some_and(|media_type| media_type.is_json())
        });
        text.map(|text| match json {
            true => parse_json(text.as_bytes()).map_err(|error| format!("is not JSON: {error}")),
            false => Ok(typed(Raw::Text(text), shapes, None)),
        })
        .transpose()
    }

    fn captured<'c>(&self, captures: &[(&str, &'c str)]) -> Option<&'c str> {
        let named = captures
            .iter()
            .find(|(name, _)| *name == self.parameter.name);
        named.map(|(_, text)| *text)
    }

    /// Fields of one name are one comma-separated list (RFC 9110 §5.3).
    fn header_text(&self, request: &Request) -> Result<Option<String>, String> {
        let Some(name) = &self.header else {
            return Ok(None);
        };
        let mut texts = Vec::new();
        for value in request.headers.get_all(name) {
            let text = std::str::from_utf8(value.as_bytes())
                .map_err(|_| "has octets that are no text".to_owned())?;
            texts.push(text);
        }
        Ok((!texts.is_empty()).then(|| texts.join(",")))
    }
}

/// The first cookie of a name (RFC 6265 §5.4).
pub(super) fn cookie<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    request
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}
