//! `cargo hubspot mcp`: a server of the Model Context Protocol over standard input and output.
//!
//! Its tools look up scopes and audit the workspace. They change nothing. Only messages of the protocol go to standard
//! output; the compiler's messages go to standard error.

mod connection;
mod output;
mod tools;

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, Implementation, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig,
};
use rmcp::service::{RequestContext, ServerInitializeError};
use rmcp::{ErrorData, RoleServer, ServerHandler, ServiceExt as _};

use self::connection::Connection;
use crate::audit::Selection;

/// Options of `cargo hubspot mcp`: what its audits compile.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,
}

const INSTRUCTIONS: &str = "Use these tools instead of guessing OAuth scopes of HubSpot. Look an operation up before you add a call \
     to code, and declare the first of its alternatives in `scope_set!`. After a change, audit the workspace.";

/// The server.
#[derive(Clone)]
struct Server {
    selection: Selection,
}

/// Serves until standard input ends.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let server = Server {
        selection: arguments.selection.clone(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the server")?;
    runtime.block_on(serve(server))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(server: Server) -> Result<()> {
    match server.serve(Connection::new()).await {
        Ok(running) => {
            running.waiting().await.context("the server failed")?;
            Ok(())
        }
        // The client has left before it began.
        Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(error).context("the client did not begin as the protocol requires"),
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let name = env!("CARGO_PKG_NAME");
        let this =
            Implementation::new(name, env!("CARGO_PKG_VERSION")).with_title("HubSpot scopes");
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(this)
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools::all()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(call) = tools::find(&request.name) else {
            let names = tools::NAMES.join("`, `");
            let message = format!("no tool is called `{}`; there are `{names}`", request.name);
            return Err(ErrorData::invalid_params(message, None));
        };
        let arguments = request.arguments.unwrap_or_default();
        let selection = self.selection.clone();
        // An audit runs the compiler, and pings have to be answered meanwhile.
        let called = tokio::task::spawn_blocking(move || call(arguments, selection)).await;
        let result = called.map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        Ok(result.into())
    }
}
