/** What several generators give, as it comes; ended early, all of them are. */
export async function* mergeGenerators<Value>(
  generators: readonly AsyncGenerator<Value, void, void>[],
): AsyncGenerator<Value, void, void> {
  const pull = async (generator: AsyncGenerator<Value, void, void>) => ({ generator, next: await generator.next() })
  const waiting = new Map(generators.map((generator) => [generator, pull(generator)]))
  try {
    while (waiting.size > 0) {
      const { generator, next } = await Promise.race(waiting.values())
      if (next.done) waiting.delete(generator)
      else {
        waiting.set(generator, pull(generator))
        yield next.value
      }
    }
  } finally {
    await Promise.allSettled(waiting.values())
    await Promise.all(generators.map((generator) => generator.return()))
  }
}
