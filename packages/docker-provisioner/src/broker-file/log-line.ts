/** One line of the log; it never holds credentials or parameters. */
export type LogLine = Readonly<Record<string, unknown>>
