/** Short texts would blacken ordinary words and are no secrets of ours. */
const shortestSecret = 6

/** Replaces every occurrence of every secret by `***`. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= shortestSecret)
    .sort((a, b) => b.length - a.length)
    .reduce((masked, secret) => masked.replaceAll(secret, '***'), text)
}
