use crate::wire::decode_percent;

/// What the path of a rule means in one API.
#[derive(Debug, Clone, Default)]
pub struct PathMeant {
    /// The number of the API.
    pub api: usize,
    /// The path within it, and what is left of it behind a base path.
    pub paths: Vec<String>,
    /// The operations whose template it is.
    pub operations: Vec<usize>,
}

impl PathMeant {
    /// Whether it takes a request to this operation, with these paths: its own, and what is left
    /// of it behind a base path, percent-encoded.
    pub(super) fn takes(&self, operation: Option<usize>, paths: &[&str]) -> bool {
        let is_of = |operation| self.operations.contains(&operation);
        let mut own = self.paths.iter();
        operation.is_some_and(is_of) || own.any(|own| paths.iter().any(|path| takes(own, path)))
    }
}

/// Whether a segment of a rule's path takes any.
pub(crate) fn is_any(segment: &str) -> bool {
    segment.starts_with('{') && segment.ends_with('}')
}

fn takes(own: &str, path: &str) -> bool {
    let (mut own, mut theirs) = (own.split('/'), path.split('/'));
    loop {
        match (own.next(), theirs.next()) {
            (None, None) => return true,
            (Some(own), Some(theirs)) => {
                let takes_any = is_any(own) && !theirs.is_empty();
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
        for (own, path) in [
            ("/pets", "/pets"),
            ("/pets/{id}", "/pets/p-1"),
            ("/pets/{id}", "/pets/a%2Fb"),
            ("/pets/p 1", "/pets/p%201"),
            ("/{a}/x/{b}", "/1/x/2"),
        ] {
            assert!(takes(own, path), "{own} {path}");
        }
        for (own, path) in [
            ("/pets", "/pets/"),
            ("/pets/{id}", "/pets"),
            ("/pets/{id}", "/pets/"),
            ("/pets/{id}", "/pets/p-1/toys"),
            ("/pets", "/Pets"),
        ] {
            assert!(!takes(own, path), "{own} {path}");
        }
    }

    #[test]
    fn a_request_is_taken_by_any_of_its_paths_or_by_its_operation() {
        let meant = PathMeant {
            api: 0,
            paths: vec!["/v1/pets".to_owned(), "/pets".to_owned()],
            operations: vec![3],
        };
        assert!(meant.takes(None, &["/v2/pets", "/pets"]));
        assert!(meant.takes(Some(3), &["/elsewhere"]));
        assert!(!meant.takes(Some(2), &["/v2/pets"]));
    }
}
