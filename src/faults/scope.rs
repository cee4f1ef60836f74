use crate::wire::Method;

/// Which requests a rule is for, as a person names them; all where nothing is said.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scope {
    /// Those of the API of that name.
    pub api: Option<String>,
    /// Those of an operation, by its `operationId` or as `METHOD /template`.
    pub operation: Option<String>,
    /// Those with this method.
    pub method: Option<Method>,
    /// Those of a path, with or without the API's prefix: a segment in braces takes any.
    pub path: Option<String>,
}
