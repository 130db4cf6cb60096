/** One mistake in a broker's file. */
export interface FileIssue {
  /** Where in the data, such as `offerings.0.plans.1.memoryMb`; empty for the file as a whole. */
  readonly path: string
  /** Counted from 1; 0 where there is no place. */
  readonly line: number
  readonly column: number
  readonly message: string
}

/** A broker's file that cannot be used, with all mistakes found. Its text never holds a value of the file. */
export class BrokerFileError extends Error {
  override readonly name = 'BrokerFileError'
  constructor(
    readonly file: string,
    readonly issues: readonly FileIssue[],
  ) {
    super(issues.map((issue) => formatIssue(file, issue)).join('\n'))
  }
}

/** One line: `broker.yaml:12:7: offerings.0.plans.1.diskMb: what is wrong`. */
export function formatIssue(file: string, { path, line, column, message }: FileIssue): string {
  const place = line === 0 ? file : `${file}:${line}:${column}`
  return path === '' ? `${place}: ${message}` : `${place}: ${path}: ${message}`
}
