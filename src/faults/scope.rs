use super::{Asked, PathMeant};
use crate::wire::Method;

/// Which requests a rule or an expectation is for, as a person names them; all where nothing is said.
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
    /// Those for the sandbox of that name.
    pub sandbox: Option<String>,
}

/// A scope with the numbers of what it names.
#[derive(Debug, Clone, Default)]
pub struct Placement {
    /// The method, where it names one.
    pub method: Option<Method>,
    /// The API, where it names one.
    pub api: Option<usize>,
    /// The APIs and operations that its operation may mean, where it names one.
    pub operations: Option<Vec<(usize, usize)>>,
    /// What its path may mean, where it names one.
    pub paths: Option<Vec<PathMeant>>,
    /// The sandbox, where it names one.
    pub sandbox: Option<String>,
}

impl Placement {
    /// Whether it takes a request.
    pub fn takes(&self, asked: Asked<'_>) -> bool {
        let api = self.api.is_none_or(|api| api == asked.api);
        let sandbox = self.sandbox.as_deref();
        let sandbox = sandbox.is_none_or(|own| asked.sandbox == Some(own));
        let method = self.method.as_ref().is_none_or(|own| own == asked.method);
        api && sandbox && method && self.takes_operation(asked) && self.takes_path(asked)
    }

    /// Whether the request's operation is one of those that it names.
    pub fn takes_operation(&self, asked: Asked<'_>) -> bool {
        self.operations.as_ref().is_none_or(|operations| {
            let operation = asked.operation.map(|number| (asked.api, number));
            operation.is_some_and(|operation| operations.contains(&operation))
        })
    }

    /// Whether the request's path is one that it names.
    pub fn takes_path(&self, asked: Asked<'_>) -> bool {
        self.paths.as_ref().is_none_or(|paths| {
            let mut here = paths.iter().filter(|path| path.api == asked.api);
            here.any(|path| path.takes(asked.operation, asked.paths))
        })
    }
}
