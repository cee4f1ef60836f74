//! Where one expression of a path ends and the next begins, though nothing stands between them:
//! what their parameters may be tells.

use crate::contract::Contract;
use crate::decode::ParameterReader;
use crate::mock::Prepared;
use crate::route::Captures;
use crate::spec::Location;
use crate::wire::{Method, Request};

impl Contract {
    /// Whether an operation takes what the expressions of its path stand for.
    pub(crate) fn takes_path(&self, number: usize, captures: &Captures<'_, '_>) -> bool {
        let operation = self.operations.get(number);
        let pairs = captures.pairs();
        let mut pairs = pairs.iter();
        pairs.all(|(name, text)| self.takes_in_path(operation, name, text))
    }

    /// The methods that a path is documented for; none where it isn't.
    pub(crate) fn methods(&self, path: &str, query: &str) -> Vec<Method> {
        let takes = |number: usize, captures: &Captures<'_, '_>| self.takes_path(number, captures);
        self.router.methods(path, query, &takes)
    }

    /// Whether a text of the path may be the parameter of a name. One that isn't declared may be any.
    pub(super) fn takes_in_path(&self, operation: &Prepared, name: &str, text: &str) -> bool {
        let readers = operation.parameters.iter();
        let mut readers = readers.zip(&operation.parameter_schemas);
        let found = readers.find(|(reader, _)| {
            let declared = &reader.parameter;
            declared.location == Location::Path && declared.name == name
        });
        let Some((reader, schema)) = found else {
            return true;
        };
        let (values, malformed) = ParameterReader::read_all(
            std::slice::from_ref(reader),
            &self.shapes,
            &Request::new(Method::GET, "/"),
            &[(name, text)],
            &[],
        );
        let value = values.path.get(name);
        malformed.is_empty()
            && value.is_some_and(|value| schema.is_none_or(|id| self.schemas.is_valid(id, value)))
    }
}
