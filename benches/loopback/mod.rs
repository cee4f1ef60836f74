//! Servers that each have a thread of their own, and clients on another, over loopback sockets.
//!
//! A round asks each server in turn, over as many connections at a time, and tells how long each
//! took; which comes first changes from round to round.

use axum::Router;
use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Instant;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

pub type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// A server that answers, and where.
pub type Serving = (SocketAddr, JoinHandle<()>);

/// Rounds that aren't counted: what is made once is made then.
const FIRST: usize = 5;

/// What is asked.
pub struct Asked {
    pub method: &'static str,
    /// One path after the other, and then the first again.
    pub paths: Vec<String>,
    pub media_type: &'static str,
    pub body: Bytes,
}

/// How it is asked.
#[derive(Clone, Copy)]
pub struct Load {
    pub rounds: usize,
    pub connections: usize,
    /// What each connection asks in a round.
    pub requests: usize,
}

/// What came of one server's round.
pub struct Round {
    /// How long all of it took, in seconds.
    pub took: f64,
    /// How long 99 of 100 requests took at most, in seconds.
    pub p99: f64,
}

impl Asked {
    pub fn get(path: &str) -> Asked {
        Asked {
            method: "GET",
            paths: vec![path.to_owned()],
            media_type: "application/json",
            body: Bytes::new(),
        }
    }
}

/// What a round takes at each of the servers.
pub async fn race(
    servers: &[SocketAddr],
    asked: Vec<Arc<Asked>>,
    load: Load,
) -> Outcome<Vec<Vec<Round>>> {
    let mut connections = Vec::new();
    for address in servers {
        let mut open = Vec::new();
        for _ in 0..load.connections {
            open.push(connect(*address).await?);
        }
        connections.push(open);
    }
    let mut rounds = Vec::new();
    for number in 0..FIRST + load.rounds {
        let mut round: Vec<Option<Round>> = servers.iter().map(|_| None).collect();
        for turn in 0..servers.len() {
            // None gains by its place.
            let which = (turn + number) % servers.len();
            let open = std::mem::take(&mut connections[which]);
            let (took, open) = one(open, &asked[which % asked.len()], load.requests).await?;
            round[which] = Some(took);
            connections[which] = open;
        }
        rounds.push(round.into_iter().flatten().collect());
    }
    Ok(rounds.split_off(FIRST))
}

type Connection = SendRequest<Full<Bytes>>;

async fn one(
    open: Vec<Connection>,
    asked: &Arc<Asked>,
    requests: usize,
) -> Outcome<(Round, Vec<Connection>)> {
    let at = Instant::now();
    let mut asking = Vec::new();
    for (number, mut connection) in open.into_iter().enumerate() {
        let asked = Arc::clone(asked);
        asking.push(tokio::spawn(async move {
            let mut times = Vec::with_capacity(requests);
            for request in 0..requests {
                let at = Instant::now();
                let path = &asked.paths[(number * requests + request) % asked.paths.len()];
                ask(&mut connection, &asked, path).await?;
                times.push(at.elapsed().as_secs_f64());
            }
            Ok::<_, Box<dyn Error + Send + Sync>>((connection, times))
        }));
    }
    let (mut connections, mut times) = (Vec::new(), Vec::new());
    for asked in asking {
        let (connection, took) = asked.await??;
        connections.push(connection);
        times.extend(took);
    }
    let took = at.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    let p99 = times[(times.len() - 1) * 99 / 100];
    Ok((Round { took, p99 }, connections))
}

async fn connect(address: SocketAddr) -> Outcome<Connection> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

async fn ask(connection: &mut Connection, asked: &Asked, path: &str) -> Outcome<()> {
    connection.ready().await?;
    let request = Request::builder()
        .method(asked.method)
        .uri(path)
        .header("Host", "x")
        .header(header::CONTENT_TYPE, asked.media_type);
    let body = Full::new(asked.body.clone());
    let response = connection.send_request(request.body(body)?).await?;
    if response.status() != StatusCode::OK {
        return Err(format!("{path}: {}", response.status()).into());
    }
    response.into_body().collect().await?;
    Ok(())
}

pub fn one_thread() -> Outcome<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

/// Serves on a thread of its own; gives where.
pub fn serving<F>(serve: impl FnOnce() -> F + Send + 'static) -> Outcome<SocketAddr>
where
    F: Future<Output = Outcome<Serving>> + 'static,
{
    let (told, address) = channel();
    thread::spawn(move || {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build();
        let served = runtime.map_err(Into::into).and_then(|runtime| {
            let (address, serving) = runtime.block_on(serve())?;
            Ok((runtime, address, serving))
        });
        match served {
            Ok((runtime, address, serving)) => {
                let _ = told.send(Ok(address));
                let _ = runtime.block_on(serving);
            }
            Err(why) => drop(told.send(Err(why))),
        }
    });
    address.recv()?
}

/// A server of an axum router, and of nothing else.
pub async fn listen(router: Router) -> Outcome<Serving> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let serving = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = stream.set_nodelay(true);
            let service = TowerToHyperService::new(router.clone());
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    Ok((address, serving))
}

/// The middle of some numbers, and what their middle half lies between.
pub fn spread(numbers: impl Iterator<Item = f64>) -> String {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    let at = |quarters: usize| numbers[(numbers.len() - 1) * quarters / 4];
    format!("{:.2} ({:.2} to {:.2})", at(2), at(1), at(3))
}
