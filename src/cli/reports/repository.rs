//! What a file is called in the repository that it is of. GitHub shows what is found on the files of
//! a pull request, which it knows by their paths from the repository's root, wherever in it a command
//! runs.

use std::path::{Component, Path, PathBuf};

/// The name of a file from the root of the repository, where a job of GitHub Actions runs in it;
/// else as it is.
pub(super) fn named(file: &str) -> String {
    let root = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
    let root = root.map(|root| root.canonicalize().unwrap_or(root));
    match (root, std::env::current_dir()) {
        (Some(root), Ok(folder)) => within(&root, &folder, file),
        _ => None,
    }
    .unwrap_or_else(|| file.to_owned())
}

/// The name of a file from a root that holds the folder that it is named from; nothing of one that
/// is elsewhere.
fn within(root: &Path, folder: &Path, file: &str) -> Option<String> {
    if root.as_os_str().is_empty() || !folder.starts_with(root) {
        return None;
    }
    let mut whole = PathBuf::new();
    for component in folder.join(file).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => _ = whole.pop(),
            component => whole.push(component),
        }
    }
    let inner = whole.strip_prefix(root).ok()?;
    Some(inner.to_str()?.to_owned()).filter(|inner| !inner.is_empty())
}

#[cfg(test)]
mod tests {
    use super::within;
    use std::path::Path;

    #[test]
    fn a_file_is_named_from_the_root_of_its_repository() {
        let within = |folder: &str, file: &str| {
            let named = within(Path::new("/repo"), Path::new(folder), file);
            named.unwrap_or_else(|| file.to_owned())
        };
        assert_eq!(within("/repo/apis", "specs/a.yaml"), "apis/specs/a.yaml");
        assert_eq!(within("/repo/apis", "./a.yaml"), "apis/a.yaml");
        assert_eq!(within("/repo/apis/x", "../a.yaml"), "apis/a.yaml");
        assert_eq!(within("/repo/apis", "/repo/b.yaml"), "b.yaml");
        // What is elsewhere has no such name.
        assert_eq!(within("/repo/apis", "../../a.yaml"), "../../a.yaml");
        assert_eq!(within("/repo/apis", "/tmp/a.yaml"), "/tmp/a.yaml");
        assert_eq!(within("/repository", "a.yaml"), "a.yaml");
    }
}
