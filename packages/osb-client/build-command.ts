import type { Options } from 'tsup'

/**
 * How the command is built: as CommonJS, which Node starts quicker than modules. `osb.cjs` is small, as the version must
 * cost little more than Node itself; `command.cjs` is one file, whose parts run only when a verb imports them.
 */
export const commandBuild = {
  entry: ['src/osb.ts', 'src/command.ts'],
  format: 'cjs',
  target: 'node20',
  shims: true,
  esbuildPlugins: [
    {
      name: 'command-beside',
      setup: ({ onResolve }) =>
        onResolve({ filter: /^\.\/command\.js$/ }, () => ({ path: './command.cjs', external: true })),
    },
  ],
  esbuildOptions(options) {
    // An import of the file beside would start the loader of modules after all.
    options.supported = { ...options.supported, 'dynamic-import': false }
  },
} as const satisfies Options
