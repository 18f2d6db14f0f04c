/**
 * We call no operation that streams events, and the SDK's code for it costs 5 KB per zip. Such an operation would load
 * this file.
 */
throw new Error('This bundle leaves out event streams: remove their alias from shared/packaging/esbuild.ts.');
