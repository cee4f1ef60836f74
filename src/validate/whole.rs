//! Documents whose schemas refer to each other by `$dynamicRef`: where such a reference leads
//! depends on the way taken, so they are compiled as whole resources (JSON Schema core §8.2.3.2).

use super::detail::show;
use crate::spec::{At, Document, LoadError, Node};
use crate::wire::{Pointer, decode_percent};
use jsonschema::{Registry, ValidationError, ValidationOptions, Validator};
use serde_json::{Value, json};

/// The resources of a document, by URI.
#[derive(Debug)]
pub(super) struct Whole {
    resources: Vec<(String, At, Value)>,
}

impl Whole {
    pub(super) fn of(document: &Document) -> Whole {
        let mut resources: Vec<(String, At, Value)> = document
            .uris()
            .map(|(uri, at)| (uri.to_owned(), at, document.node(at).value()))
            .collect();
        resources.sort_by(|a, b| a.0.cmp(&b.0));
        Whole { resources }
    }

    /// Compiles the schema at a place with all that it leads to.
    pub(super) fn compile(
        &self,
        document: &Document,
        at: At,
        options: &ValidationOptions<'static>,
    ) -> Result<Validator, LoadError> {
        let fault =
            |error: String| document.error(at, format!("this schema can't be used: {error}"));
        let mut registry = Registry::new();
        for (uri, _, value) in &self.resources {
            registry = registry
                .add(uri.as_str(), value)
                .map_err(|error| fault(error.to_string()))?;
        }
        let registry = registry
            .prepare()
            .map_err(|error| fault(error.to_string()))?;
        let reference = document.reference(at);
        options
            .clone()
            .with_registry(&registry)
            .build(&json!({"$ref": reference}))
            .map_err(|error| fault(format!("{error} ({})", show(error.instance()))))
    }

    /// Where the keyword stands that an error is of.
    pub(super) fn node<'d>(
        &self,
        document: &'d Document,
        error: &ValidationError<'_>,
    ) -> Option<Node<'d>> {
        let location = error.absolute_keyword_location()?.as_str();
        let (uri, fragment) = location.split_once('#')?;
        let (_, at, _) = self.resources.iter().find(|(known, ..)| known == uri)?;
        let pointer = Pointer::parse(&decode_percent(fragment).ok()?)?;
        let mut tokens = pointer.tokens();
        tokens.try_fold(document.node(*at), |node, token| node.child(&token))
    }
}
