use crate::wire::{Method, decode_percent};

/// Which requests a rule is for, as a person names them; all where nothing is said.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scope {
    /// Those of the API of that name.
    pub api: Option<String>,
    /// Those of an operation, by its `operationId` or as `METHOD /template`.
    pub operation: Option<String>,
    /// Those with this method.
    pub method: Option<Method>,
    /// Those of a path within the API: a segment in braces takes any.
    pub path: Option<String>,
}

impl Scope {
    /// Whether it has a request with this method and path, percent-encoded.
    pub(super) fn takes(&self, method: &Method, path: &str) -> bool {
        let method = self.method.as_ref().is_none_or(|own| own == method);
        method && self.path.as_ref().is_none_or(|own| matches(own, path))
    }
}

fn matches(template: &str, path: &str) -> bool {
    let (mut own, mut theirs) = (template.split('/'), path.split('/'));
    loop {
        match (own.next(), theirs.next()) {
            (None, None) => return true,
            (Some(own), Some(theirs)) => {
                let takes_any = own.starts_with('{') && own.ends_with('}') && !theirs.is_empty();
                let is_same = || own == theirs || decode_percent(theirs).is_ok_and(|t| t == own);
                if !takes_any && !is_same() {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_segment_by_segment() {
        for (template, path) in [
            ("/pets", "/pets"),
            ("/pets/{id}", "/pets/p-1"),
            ("/pets/{id}", "/pets/a%2Fb"),
            ("/pets/p 1", "/pets/p%201"),
            ("/{a}/x/{b}", "/1/x/2"),
        ] {
            assert!(matches(template, path), "{template} {path}");
        }
        for (template, path) in [
            ("/pets", "/pets/"),
            ("/pets/{id}", "/pets"),
            ("/pets/{id}", "/pets/"),
            ("/pets/{id}", "/pets/p-1/toys"),
            ("/pets", "/Pets"),
        ] {
            assert!(!matches(template, path), "{template} {path}");
        }
    }

    #[test]
    fn an_empty_scope_takes_every_request() {
        assert!(Scope::default().takes(&Method::GET, "/x"));
        let posts = Scope {
            method: Some(Method::POST),
            ..Scope::default()
        };
        assert!(posts.takes(&Method::POST, "/x") && !posts.takes(&Method::GET, "/x"));
    }
}
