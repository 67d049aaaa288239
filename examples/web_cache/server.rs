//! The HTTP server around the service.

use crate::error::Error;
use crate::service::{self, Service};
use axum::serve::ListenerExt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::runtime::{self, Runtime};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The threads that serve requests. Collections in the foreground run on them.
const THREADS: usize = 2;

/// A server on loopback, on a port that the system chose.
pub(crate) struct Server {
    runtime: Runtime,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Server {
    pub(crate) fn start(service: Arc<Service>) -> Result<Self, Error> {
        let runtime =
            runtime::Builder::new_multi_thread().worker_threads(THREADS).enable_io().build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let address = listener.local_addr()?;
        // Answers are small and go out at once. Where that cannot be set they still go out.
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let serve = axum::serve(listener, service::router(service));
        // Also when the sender is dropped, as in a phase that fails.
        let serve = serve.with_graceful_shutdown(async { drop(stopped.await) });
        let serving = runtime.spawn(serve.into_future());
        Ok(Server { runtime, address, stop, serving })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends the server when the last connection is closed, and with it its threads.
    pub(crate) fn stop(self) -> Result<(), Error> {
        let Server { runtime, stop, serving, .. } = self;
        // An error means that the server has ended by itself; `serving` tells why.
        let _ = stop.send(());
        runtime.block_on(serving).map_err(|panic| Error::Check(format!("server: {panic}")))??;
        Ok(())
    }
}
