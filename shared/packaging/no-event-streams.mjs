/** No operation that we call streams events; the SDK's code for it is 5 KB a zip. It is loaded when one does. */
throw new Error('this bundle leaves out event streams: take their alias out of shared/packaging/esbuild.ts');
