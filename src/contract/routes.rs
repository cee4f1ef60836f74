//! The router of a document's operations, and what of its paths can't be told apart.

use crate::route::{Captures, ClashKind, PathTemplate, Route, Routed, Router};
use crate::spec::{BasePath, Document, LoadError};
use crate::wire::Method;
use std::sync::Arc;

/// Puts all operations into one tree. Gives what can't be served as it is written, and which
/// requests more than one operation claims.
pub(super) fn route(document: &Document) -> (Router, Vec<LoadError>) {
    let mut warnings = Vec::new();
    let stubs = &document.operations;
    // Operations of one path follow each other.
    let mut templates: Vec<Option<Arc<PathTemplate>>> = Vec::with_capacity(stubs.len());
    for (number, stub) in stubs.iter().enumerate() {
        if number > 0 && stubs[number - 1].path == stub.path {
            templates.push(templates[number - 1].clone());
            continue;
        }
        let warn = |message: String| document.error_at_key(document.path_at(stub), message);
        templates.push(match PathTemplate::parse(&stub.path) {
            Err(error) => {
                warnings.push(warn(error.to_string()));
                None
            }
            Ok(template) => {
                let notes = template.notes().iter();
                warnings.extend(notes.map(|note| warn(note.to_string())));
                Some(Arc::new(template))
            }
        });
    }
    let bases: Vec<Arc<[BasePath]>> = stubs.iter().map(|stub| document.base_paths(stub)).collect();
    let routes = stubs.iter().zip(&bases).zip(&templates).enumerate();
    let routes: Vec<Route<'_>> = routes
        .filter_map(|(number, ((stub, bases), template))| {
            Some(Route {
                number,
                method: &stub.method,
                path: &stub.path,
                template: template.as_deref()?,
                bases,
            })
        })
        .collect();
    let (router, clashes) = Router::new(&routes);
    for clash in clashes.found {
        let (one, other) = (&stubs[clash.operation], &stubs[clash.other]);
        let (one_name, other) = (one.name(), other.name());
        let message = match clash.kind {
            ClashKind::Same => format!("{one_name} is the same path as {other}"),
            ClashKind::Renamed => {
                format!("{one_name} is the same path as {other}, with other names")
            }
            ClashKind::Fragment => format!(
                "no request has a fragment: {one_name} answers where the query says the same, \
                 else {other}"
            ),
            ClashKind::Ambiguous => {
                format!("some requests are {one_name} and {other} alike: {other} answers them")
            }
        };
        warnings.push(document.error_at_key(document.path_at(one), message));
    }
    if !clashes.complete {
        let message = "so many paths are ambiguous that not all are told of";
        warnings.push(document.error_at_key(document.root().at(), message));
    }
    (router, warnings)
}

/// The paths whose operations can't be read, each with the reason.
#[derive(Debug)]
pub(crate) struct Unread {
    router: Router,
    why: Vec<String>,
}

impl Unread {
    /// Those of a document; nothing where there are none.
    pub(super) fn of(document: &Document) -> Option<Unread> {
        let parsed = document.unread.iter().filter_map(|(path, error)| {
            let template = PathTemplate::parse(path).ok()?;
            Some((path, template, error.to_string()))
        });
        let parsed: Vec<(&Arc<str>, PathTemplate, String)> = parsed.collect();
        let bases = document.common_base_paths();
        let routes = parsed.iter().enumerate();
        let routes: Vec<Route<'_>> = routes
            .map(|(number, (path, template, _))| Route {
                number,
                method: &Method::GET,
                path,
                template,
                bases,
            })
            .collect();
        (!routes.is_empty()).then(|| Unread {
            router: Router::new(&routes).0,
            why: parsed.iter().map(|(.., why)| why.clone()).collect(),
        })
    }

    /// Why the operations of a path can't be read, where it is one of these.
    pub(crate) fn why(&self, path: &str) -> Option<&str> {
        let any = |_: usize, _: &Captures<'_, '_>| true;
        match self.router.route(&Method::GET, path, "", &any) {
            Routed::Operation(number, _) => self.why.get(number).map(String::as_str),
            Routed::NoMethod(_) | Routed::NoPath => None,
        }
    }
}
