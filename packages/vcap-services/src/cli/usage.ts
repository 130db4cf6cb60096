/** What a command ends with. Each is documented in the help. */
export const exitCodes = { fine: 0, no: 1, usage: 2, unreadable: 3, cannotStart: 127 } as const

/** A wrong call: the message says what, the help follows. */
export class UsageError extends Error {}

export const help = `vcap: the services bound to an app, on the command line

  vcap show [--from FILE]                  a table of the services; secrets are masked
  vcap get NAME [PATH] [--from FILE]       one service with its secrets masked, or the plain value at PATH
  vcap exec --from FILE [--all] -- COMMAND [ARG…]
                                           runs COMMAND with VCAP_SERVICES and VCAP_APPLICATION of FILE
  vcap check FILE                          says what is not strict JSON, repeated, or odd

Without --from, services are read as an app reads them: VCAP_SERVICES_FILE_PATH, SERVICE_BINDING_ROOT, VCAP_SERVICES.
FILE may be the output of cf env or env, default-env.json, a dotenv file, a script that sets the variables, an answer of
/v3/apps/GUID/env, or a plain document; "-" is the standard input.
PATH is a JSON pointer into the credentials (/auth/token) or one key (password).
--all also passes on the other variables of FILE, where they are not set already.

Exit codes
  0    fine
  1    no: get found nothing, or several; check found something
  2    the command was called wrongly
  3    the source is not set, cannot be read, or is beyond repair
  127  exec: COMMAND cannot be started; otherwise exec ends as COMMAND does (128 + N after signal N)

Examples
  cf env shop > shop.env && vcap show --from shop.env
  vcap get orders-db password --from default-env.json
  vcap exec --from shop.env -- npm start
  cf curl "/v3/apps/$(cf app shop --guid)/env" | vcap check -
`
