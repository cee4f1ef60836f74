use super::dialect::Dialect;
use super::lift::lift;
use super::model::{Broken, Misread, Operation};
use super::reader::Reader;
use super::walk::visit_schemas;
use super::{LoadError, Source};
use crate::wire::Pointer;
use serde_json::Value;
use std::sync::Arc;

/// An OpenAPI document as read: its operations typed, its schemas as JSON Schema 2020-12.
#[derive(Debug)]
pub struct Document {
    /// The file it came from.
    pub source: Arc<Source>,
    /// The whole value, schemas lifted to 2020-12 in place.
    pub root: Value,
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// The base paths of its servers, without a trailing slash; `""` for the root.
    pub base_paths: Vec<String>,
    /// The operations that can be served, in document order.
    pub operations: Vec<Operation>,
    /// Those that can't, and why.
    pub broken: Vec<Broken>,
}

impl Document {
    /// Reads a document; fails where it is no OpenAPI document of a version that is read.
    /// An operation that can't be read is set aside in `broken`.
    pub fn read(source: Arc<Source>) -> Result<Document, LoadError> {
        let mut root = source.parse()?;
        let dialect = Dialect::of(&root).map_err(|misread| misread.into_error(&source))?;
        if dialect == Dialect::V30 {
            visit_schemas(&mut root, &mut lift);
        }
        let info = |member: &str| {
            let at = Pointer::root().child("info");
            match root.get("info").map(|info| info.get(member)) {
                Some(Some(Value::String(text))) => Ok(text.clone()),
                // A bare 1.0 is a number to YAML and means the text.
                Some(Some(Value::Number(number))) => Ok(number.to_string()),
                Some(_) => Err(Misread::at(
                    &at,
                    format!("`info` needs a `{member}`, a text"),
                )),
                None => Err(Misread::at(&Pointer::root(), "the document has no `info`")),
            }
            .map_err(|misread| misread.into_error(&source))
        };
        let (title, version) = (info("title")?, info("version")?);
        let mut operations = Vec::new();
        let mut broken = Vec::new();
        let reader = Reader {
            root: &root,
            dialect,
        };
        for outcome in reader.operations() {
            match outcome {
                Ok(operation) => operations.push(operation),
                Err((method, path, misread)) => broken.push(Broken {
                    method,
                    path,
                    error: misread.into_error(&source),
                }),
            }
        }
        Ok(Document {
            title,
            version,
            base_paths: base_paths(&root),
            operations,
            broken,
            root,
            source,
        })
    }

    /// Where the document says something: `file#/pointer`.
    pub fn place(&self, pointer: &str) -> String {
        format!("{}#{pointer}", self.source.name())
    }
}

/// The path part of each server's URL, its variables at their defaults.
fn base_paths(root: &Value) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    for server in root
        .get("servers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let Some(url) = server.get("url").and_then(Value::as_str) else {
            continue;
        };
        let mut url = url.to_owned();
        let variables = server.get("variables").and_then(Value::as_object);
        for (name, variable) in variables.into_iter().flatten() {
            if let Some(default) = variable.get("default").and_then(Value::as_str) {
                url = url.replace(&format!("{{{name}}}"), default);
            }
        }
        let path = match url.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
            None => url.as_str(),
        };
        let path = path
            .split(['?', '#'])
            .next()
            .unwrap_or("")
            .trim_end_matches('/');
        if (path.is_empty() || path.starts_with('/')) && !paths.iter().any(|known| known == path) {
            paths.push(path.to_owned());
        }
    }
    paths
}
