use serde_json::Value;

/// A version of the specification by its features; patches change none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// Swagger 2.0.
    V20,
    /// OpenAPI 3.0.x.
    V30,
    /// OpenAPI 3.1.x.
    V31,
    /// OpenAPI 3.2.x.
    V32,
}

/// Every version, the oldest first.
pub(super) const VERSIONS: [Version; 4] = [Version::V20, Version::V30, Version::V31, Version::V32];

impl Version {
    /// The version that a document says it is of; nothing where it says none that is known.
    pub fn of(document: &Value) -> Option<Version> {
        if document.get("swagger").and_then(Value::as_str) == Some("2.0") {
            return Some(Version::V20);
        }
        let said = document.get("openapi")?.as_str()?;
        let is = |minor: &str| {
            let rest = said.strip_prefix(minor);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let of_3 = [
            ("3.0", Version::V30),
            ("3.1", Version::V31),
            ("3.2", Version::V32),
        ];
        let found = of_3.into_iter().find(|(minor, _)| is(minor));
        found.map(|(_, version)| version)
    }

    /// How people call it.
    pub fn name(self) -> &'static str {
        match self {
            Version::V20 => "Swagger 2.0",
            Version::V30 => "OpenAPI 3.0",
            Version::V31 => "OpenAPI 3.1",
            Version::V32 => "OpenAPI 3.2",
        }
    }
}
