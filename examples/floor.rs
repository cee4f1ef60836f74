//! The floor that the mock's speed is measured against: an axum handler that parses a body and
//! returns the JSON that the mock would, and nothing else. See "Development" in the README.

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::patch;
use bytes::Bytes;
use http::{StatusCode, header};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};
use std::sync::Arc;

async fn answer(State(stored): State<Arc<Value>>, body: Bytes) -> impl IntoResponse {
    let Ok(Value::Object(patch)) = serde_json::from_slice(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut next = stored.as_ref().clone();
    for (name, value) in patch {
        next[name] = value;
    }
    let reply = (
        [(header::CONTENT_TYPE, "application/json")],
        next.to_string(),
    );
    reply.into_response()
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let stored = json!({
        "id": "11111111-1111-4111-8111-111111111111", "host_id": "host_mira", "brand_id": "brand_loop",
        "title": "Morning flow", "kind": "live", "category": "yoga",
        "scheduled_at": "2025-06-02T07:00:00.000Z", "started_at": null, "ended_at": null,
        "status": "scheduled", "stream_call_id": null, "max_participants": 20,
        "duration_minutes": null, "recording_url": null, "metadata": {},
        "created_at": "2025-05-20T08:00:00.000Z", "updated_at": "2025-05-20T08:00:00.000Z",
        "registered_count": 12, "is_registered": false,
    });
    let router = Router::new()
        .route("/live/v1/sessions/{id}", patch(answer))
        .with_state(Arc::new(stored));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:4011").await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}
