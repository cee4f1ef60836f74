use super::page::{POLICY, guard};
use crate::host::Host;
use crate::server::refusal::Refusal;
use crate::wire::{Bytes, HeaderMap, HeaderValue, StatusCode, header};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;
use utoipa_swagger_ui::{Config, SwaggerFile, Url, serve};

/// Where Swagger UI is.
pub(in crate::server::control) const SWAGGER: &str = "/_counterpart/swagger";

/// The way to its page.
pub(in crate::server::control) async fn to_swagger() -> Redirect {
    Redirect::temporary("/_counterpart/swagger/")
}

/// Its page: our own, which is sent as it is.
pub(in crate::server::control) async fn swagger() -> Response {
    let media_type = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    dressed((media_type, include_str!("swagger.html")).into_response())
}

/// What the page is made of.
pub(in crate::server::control) async fn swagger_part(
    State(host): State<Arc<Host>>,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let Ok(Path(name)) = name else {
        return missing();
    };
    let response = answer(&host, &name);
    // What is sent is packed, and not for who can't unpack it.
    let packed = response.headers().get(header::CONTENT_ENCODING).is_some();
    let taken = headers.get(header::ACCEPT_ENCODING);
    let taken = taken.and_then(|taken| taken.to_str().ok());
    match packed && taken.is_some_and(|taken| !taken.contains("gzip")) {
        true => {
            let detail = "The parts of Swagger UI are sent in gzip.";
            Refusal::new(StatusCode::NOT_ACCEPTABLE, detail).into_response()
        }
        false => response,
    }
}

fn answer(host: &Host, name: &str) -> Response {
    let documents: Vec<(String, String)> = host.apis().iter().map(document).collect();
    let own = ("counterpart control plane", "/_counterpart/openapi.json");
    let known = documents
        .iter()
        .map(|(title, url)| (title.as_str(), url.as_str()));
    let urls = known.chain([own]).map(|(title, url)| Url::new(title, url));
    // Else the page asks a validator elsewhere.
    let config = Config::new(urls).validator_url("none");
    let file = match serve(name, Arc::new(config.try_it_out_enabled(true))) {
        Ok(Some(file)) => file,
        Ok(None) | Err(_) => return missing(),
    };
    let SwaggerFile {
        bytes,
        content_type,
        gzpipped,
        ..
    } = file;
    let body = Bytes::from(bytes.into_owned());
    let response = ([(header::CONTENT_TYPE, content_type)], body).into_response();
    let mut response = dressed(response);
    if gzpipped {
        let gzip = HeaderValue::from_static("gzip");
        response
            .headers_mut()
            .insert(header::CONTENT_ENCODING, gzip);
    }
    response
}

/// The one style that isn't in a file: that of the logo, which its script puts into the page. What
/// else it writes into attributes it sets by name, which no policy forbids.
const LOGO: &str = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";

/// With the fields that every part of it has.
fn dressed(mut response: Response) -> Response {
    let headers = response.headers_mut();
    guard(headers);
    let policy = POLICY.replace("style-src 'self'", &format!("style-src 'self' {LOGO}"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let no_cache = HeaderValue::from_static("no-cache");
    headers.insert(header::CACHE_CONTROL, no_cache);
    response
}

/// What a document is called, and where it is.
fn document(api: &crate::host::Api) -> (String, String) {
    let title = format!("{} ({})", api.contract().title(), api.name());
    let name = crate::wire::encode_segment(api.name());
    (title, format!("/_counterpart/contracts/{name}/document"))
}

fn missing() -> Response {
    let detail = "Swagger UI has no such part.";
    Refusal::new(StatusCode::NOT_FOUND, detail).into_response()
}
