import { Option, type Command, type OptionValues } from '@commander-js/extra-typings';

/** Adds what every kind of `generate` takes: a target of the given ones, and where the files go. */
export function addDelivery<
  A extends unknown[],
  O extends OptionValues,
  G extends OptionValues,
  const T extends readonly string[],
>(command: Command<A, O, G>, targets: T) {
  return command
    .addOption(new Option('--for <target>', 'the program that reads the files').choices(targets).makeOptionMandatory())
    .option('--out <dir>', 'write the files under this directory')
    .option('--force', 'replace files there that differ');
}
