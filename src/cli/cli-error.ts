/** What was asked cannot be done; the message is for the person at the terminal, one line. */
export class CliError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CliError';
  }
}
