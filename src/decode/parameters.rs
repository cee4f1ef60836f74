use super::cookie;
use super::media::{Entity, Kind, read_media};
use super::query::{Query, form_decode};
use super::raw::{Form, Raw, typed};
use super::style::{self, Escapes, Written};
use crate::spec::{Location, Parameter, Shape, ShapeId, Shapes, Style};
use crate::wire::{HeaderName, MediaType, Request, decode_percent, field_text, header};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// The values of an operation's parameters, by place and name. Those that were not given and have
/// a default have it; those that can't be read are absent.
#[derive(Debug, Clone, Default)]
pub struct Parameters {
    /// Path parameters.
    pub path: Map<String, Value>,
    /// Query parameters; the query as a whole by the name it is declared under.
    pub query: Map<String, Value>,
    /// Header parameters, by the declared name.
    pub header: Map<String, Value>,
    /// Cookie parameters.
    pub cookie: Map<String, Value>,
    /// What texts say that were read as scalars and may be lists as well.
    lists: HashMap<(Location, String), Value>,
}

impl Parameters {
    /// Those of one place.
    pub fn of(&self, location: Location) -> &Map<String, Value> {
        match location {
            Location::Path => &self.path,
            Location::Query | Location::Querystring => &self.query,
            Location::Header => &self.header,
            Location::Cookie => &self.cookie,
        }
    }

    /// Those of one place, to be changed.
    pub fn of_mut(&mut self, location: Location) -> &mut Map<String, Value> {
        match location {
            Location::Path => &mut self.path,
            Location::Query | Location::Querystring => &mut self.query,
            Location::Header => &mut self.header,
            Location::Cookie => &mut self.cookie,
        }
    }

    /// What a parameter says as a list, where it was read as a scalar and may be either: which it
    /// is can't be told from the text, but from what is valid.
    pub fn take_list(&mut self, location: Location, name: &str) -> Option<Value> {
        match self.lists.is_empty() {
            true => None,
            false => self.lists.remove(&(location, name.to_owned())),
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
    media_type: Option<MediaType>,
}

/// What a request says of a parameter.
enum Given {
    /// Nothing.
    Absent,
    /// Its name alone, which is enough for it.
    Empty,
    /// A value.
    Value(Value),
    /// A text that may be a list too: as a scalar, and as that.
    Either(Value, Value),
}

/// A request's parts that have parameters, taken apart once.
struct Sent<'r> {
    request: &'r Request,
    query: Query<'r>,
    captures: &'r [(&'r str, &'r str)],
}

impl ParameterReader {
    /// Prepares a declared parameter.
    pub fn new(parameter: Parameter, shape: Option<ShapeId>) -> ParameterReader {
        let header = match parameter.location {
            Location::Header => parameter.name.parse().ok(),
            _ => None,
        };
        let media_type = parameter.media_type.as_deref().and_then(MediaType::parse);
        ParameterReader {
            parameter,
            shape,
            header,
            media_type,
        }
    }

    /// The value that it has where none is given.
    pub fn default(&self, shapes: &Shapes) -> Option<Value> {
        shapes.get(self.shape?).default.clone()
    }

    /// Reads all the parameters of a request. `captures` are those of the path, still encoded;
    /// `keys` are names in the query that are no parameters, but those of API keys.
    pub fn read_all(
        readers: &[ParameterReader],
        shapes: &Shapes,
        request: &Request,
        captures: &[(&str, &str)],
        keys: &[&str],
    ) -> (Parameters, Vec<Malformed>) {
        let mut parameters = Parameters::default();
        let mut malformed = Vec::new();
        let sent = Sent {
            request,
            query: match readers.iter().any(ParameterReader::takes_whole_query) {
                true => Query::default(),
                false => Query::parse(request.query()),
            },
            captures,
        };
        for (name, detail) in &sent.query.faults {
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
            // An object of any names takes those that are nobody's.
            let is_free = |name: &str| {
                // What is named outweighs what a pattern takes in.
                let is_own = reader.names(name, shapes) || reader.has_pattern(name, shapes);
                let others = readers.iter().filter(|other| !std::ptr::eq(*other, reader));
                let mut others = others.filter(|other| {
                    other.names(name, shapes) || !is_own && other.has_pattern(name, shapes)
                });
                !keys.contains(&name) && others.next().is_none()
            };
            let value = match reader.read(shapes, &sent, &is_free) {
                Ok(Given::Value(value)) => Some(value),
                Ok(Given::Either(scalar, list)) => {
                    let key = (declared.location, declared.name.clone());
                    parameters.lists.insert(key, list);
                    Some(scalar)
                }
                Ok(Given::Absent) if declared.required => {
                    fault("is required, and isn't there".to_owned(), true);
                    None
                }
                Ok(Given::Absent | Given::Empty) => reader.default(shapes),
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

    /// The names in a request's query that no parameter takes, each once. `keys` are those of
    /// API keys.
    pub fn unknown_query_names(
        readers: &[ParameterReader],
        shapes: &Shapes,
        request: &Request,
        keys: &[&str],
    ) -> Vec<String> {
        let mut unknown: Vec<String> = Vec::new();
        for (name, _) in Query::parse(request.query()).pairs() {
            let is_known = keys.contains(&name)
                || readers.iter().any(|reader| reader.takes(name, shapes))
                || unknown.iter().any(|known| known == name);
            if !is_known {
                unknown.push(name.to_owned());
            }
        }
        unknown
    }

    fn takes_whole_query(&self) -> bool {
        self.parameter.location == Location::Querystring
    }

    /// Whether a name in the query is one of this parameter's: as it is declared, or because the
    /// parameter takes whatever is left.
    fn takes(&self, name: &str, shapes: &Shapes) -> bool {
        let is_open = |shape: &Shape| Form::of(shape) == Form::Object && shape.is_open();
        self.takes_whole_query()
            || self.names(name, shapes)
            || self.has_pattern(name, shapes)
            || self.exploded(shapes).is_some_and(is_open)
    }

    /// Whether a name in the query is declared to be one of this parameter's.
    fn names(&self, name: &str, shapes: &Shapes) -> bool {
        let declared = &self.parameter;
        if declared.location != Location::Query {
            return false;
        }
        let rest = name.strip_prefix(declared.name.as_str());
        let is_inner = |rest: &str| declared.style == Style::DeepObject && rest.starts_with('[');
        let has_property =
            |shape: &Shape| Form::of(shape).may_be_object() && shape.properties.contains_key(name);
        rest.is_some_and(|rest| rest.is_empty() || is_inner(rest))
            || self.exploded(shapes).is_some_and(has_property)
    }

    /// Whether a name in the query matches a pattern of this parameter's properties.
    fn has_pattern(&self, name: &str, shapes: &Shapes) -> bool {
        self.exploded(shapes)
            .is_some_and(|shape| Form::of(shape).may_be_object() && shape.has_pattern_of(name))
    }

    /// The shape of a value whose properties may be names in the query.
    fn exploded<'s>(&self, shapes: &'s Shapes) -> Option<&'s Shape> {
        let declared = &self.parameter;
        let explodes = declared.location == Location::Query
            && declared.explode
            && declared.style != Style::DeepObject
            && self.media_type.is_none();
        self.shape.map(|id| shapes.get(id)).filter(|_| explodes)
    }

    fn written(&self) -> Written<'_> {
        Written {
            name: &self.parameter.name,
            style: self.parameter.style,
            explode: self.parameter.explode,
            allow_reserved: self.parameter.allow_reserved,
        }
    }

    fn read(
        &self,
        shapes: &Shapes,
        sent: &Sent<'_>,
        is_free: &dyn Fn(&str) -> bool,
    ) -> Result<Given, String> {
        let declared = &self.parameter;
        if declared.allow_empty && sent.query.values(&declared.name) == [""] {
            return Ok(Given::Empty);
        }
        if declared.media_type.is_some() {
            let value = self.read_content(shapes, sent)?;
            return Ok(value.map_or(Given::Absent, Given::Value));
        }
        let form = Form::of_id(shapes, self.shape);
        let in_text = |text: &str, escapes| style::read(self.written(), form, text, escapes);
        let raw = match declared.location {
            Location::Query => sent
                .query
                .read(self.written(), shapes, self.shape, is_free)?,
            Location::Querystring => Some(Raw::Text(decode_percent(sent.request.query())?)),
            Location::Path => match self.captured(sent.captures) {
                Some(text) => Some(in_text(text, Escapes::Percent)?),
                None => None,
            },
            Location::Header => match self.header_text(sent.request) {
                Some(text) => Some(in_text(&text, Escapes::None)?),
                None => None,
            },
            Location::Cookie => cookie::read(sent.request, self.written(), shapes, self.shape)?,
        };
        let Some(raw) = raw else {
            return Ok(Given::Absent);
        };
        let list = match &raw {
            Raw::Text(text) if form == Form::ScalarOrArray => Some(self.as_list(text)),
            _ => None,
        };
        let value = typed(raw, shapes, self.shape);
        Ok(match list {
            Some(list) => Given::Either(value, typed(list, shapes, self.shape)),
            None => Given::Value(value),
        })
    }

    /// A text that no separator divides as a list: of it alone, or of nothing where items stand
    /// in one text and this one is empty.
    fn as_list(&self, text: &str) -> Raw {
        let Parameter {
            location,
            style,
            explode,
            ..
        } = self.parameter;
        let is_apart = explode && (location == Location::Query || style == Style::Matrix)
            || style == Style::DeepObject;
        match text.is_empty() && !is_apart {
            true => Raw::List(Vec::new()),
            false => Raw::List(vec![Raw::Text(text.to_owned())]),
        }
    }

    /// A parameter of `content` is one text of its media type.
    fn read_content(&self, shapes: &Shapes, sent: &Sent<'_>) -> Result<Option<Value>, String> {
        let name = &self.parameter.name;
        let text = match self.parameter.location {
            Location::Query => sent.query.value(name)?.map(form_decode).transpose()?,
            Location::Path => self
                .captured(sent.captures)
                .map(decode_percent)
                .transpose()?,
            Location::Header => self.header_text(sent.request),
            Location::Cookie => cookie::cookie(sent.request, name)
                .map(decode_percent)
                .transpose()?,
            Location::Querystring => self.whole_query(sent.request)?,
        };
        let Some(text) = text else {
            return Ok(None);
        };
        let as_text = |text: String| typed(Raw::Text(text), shapes, self.shape);
        let Some(media_type) = &self.media_type else {
            return Ok(Some(as_text(text)));
        };
        let entity = Entity::of(media_type, text.as_bytes(), self.shape, shapes);
        let read = read_media(&entity)?;
        Ok(Some(read.map_or_else(|| as_text(text), |read| read.value)))
    }

    /// The query as it is for a form, which decodes its own names and values, else decoded.
    fn whole_query(&self, request: &Request) -> Result<Option<String>, String> {
        let query = request.query();
        let is_form = self.media_type.as_ref().map(Kind::of) == Some(Kind::Form);
        match query {
            "" => Ok(None),
            query if is_form => Ok(Some(query.to_owned())),
            query => decode_percent(query).map(Some),
        }
    }

    fn captured<'c>(&self, captures: &'c [(&'c str, &'c str)]) -> Option<&'c str> {
        let named = captures
            .iter()
            .find(|(name, _)| *name == self.parameter.name);
        named.map(|(_, text)| *text)
    }

    /// Fields of one name are one comma-separated list (RFC 9110 §5.3).
    fn header_text(&self, request: &Request) -> Option<String> {
        let name = self.header.as_ref()?;
        let mut texts = Vec::new();
        for value in request.headers.get_all(name) {
            texts.push(field_text(value));
        }
        match texts.is_empty() {
            // How much there is stands in no field where there is nothing, or where it is chunked.
            true if name == header::CONTENT_LENGTH => Some(request.body.len().to_string()),
            true => None,
            false => Some(texts.join(",")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Method;
    use serde_json::json;

    fn reader(shapes: &Shapes, root: ShapeId, name: &str, style: Style) -> ParameterReader {
        let parameter = Parameter {
            name: name.to_owned(),
            location: Location::Query,
            required: false,
            style,
            explode: true,
            allow_reserved: false,
            allow_empty: false,
            media_type: None,
            schema: None,
            examples: Vec::new(),
            at: Default::default(),
        };
        let shape = shapes.of_property(&shapes.get(root).properties[name]);
        ParameterReader::new(parameter, Some(shape))
    }

    #[test]
    fn names_that_no_parameter_takes_are_listed() {
        let (shapes, root) = Shapes::of_schema(&json!({"properties": {
            "page[size]": {"type": "integer"},
            "filter": {"type": "object"},
            "point": {"type": "object", "properties": {"x": {"type": "integer"}}},
            "rest": {"type": "object", "additionalProperties": true},
        }}));
        let mut readers = vec![
            reader(&shapes, root, "page[size]", Style::Form),
            reader(&shapes, root, "filter", Style::DeepObject),
            reader(&shapes, root, "point", Style::Form),
        ];
        let query = "page%5Bsize%5D=1&filter[a][b]=1&x=1&key=1&y=1&y=2&page[number]=2&filters=1";
        let request = Request::new(Method::GET, format!("/?{query}"));
        let unknown = |readers: &[ParameterReader], shapes: &Shapes| {
            ParameterReader::unknown_query_names(readers, shapes, &request, &["key"])
        };
        assert_eq!(unknown(&readers, &shapes), ["y", "page[number]", "filters"]);
        readers.push(reader(&shapes, root, "rest", Style::Form));
        assert_eq!(unknown(&readers, &shapes), [""; 0]);
    }
}
