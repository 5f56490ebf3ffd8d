import type { Completed } from './completed.ts';

/** @returns a script for PowerShell, from version 5 on */
export function writePowershell(all: readonly Completed[]): string {
  return `# PowerShell completion for sixfold
Register-ArgumentCompleter -Native -CommandName sixfold -ScriptBlock {
  param($word, $ast, $position)
  $places = @{
${all.map(writePlace).join('\n')}
  }
  $at = ''
  $valueOf = $null
  $elements = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position })
  foreach ($element in ($elements | Select-Object -Skip 1)) {
    $text = $element.ToString()
    if ($null -ne $valueOf) { $valueOf = $null; continue }
    $next = "$at $text".Trim()
    if ($places[$at].Valued.ContainsKey($text)) { $valueOf = $text }
    elseif ($text -notlike '-*' -and $places.ContainsKey($next)) { $at = $next }
    # A script in the place of a command is run.
    elseif ($text -notlike '-*' -and $at -eq '') { $at = 'run' }
  }
  $place = $places[$at]
  $offered = if ($null -ne $valueOf) { $place.Valued[$valueOf] }
    elseif ($word -like '-*') { $place.Flags }
    else { $place.Words }
  @($offered) | Where-Object { $_ -and $_.StartsWith($word, [System.StringComparison]::OrdinalIgnoreCase) } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

const list = (words: readonly string[]): string => `@(${words.map((word) => `'${word}'`).join(', ')})`;

function writePlace({ at, commands, flags, words }: Completed): string {
  const valued = flags.flatMap(({ names, takesValue, values }) =>
    takesValue ? names.map((name) => `'${name}' = ${list(values)}`) : [],
  );
  const parts = [
    `Words = ${list([...commands.map(({ name }) => name), ...words])}`,
    `Flags = ${list(flags.flatMap((flag) => flag.names))}`,
    // Names of flags are told apart by their case.
    `Valued = [System.Collections.Hashtable]::new(@{ ${valued.join('; ')} }, [System.StringComparer]::Ordinal)`,
  ];
  return `    '${at}' = @{ ${parts.join('; ')} }`;
}
