#!/bin/sh
# Makes the fonts of this folder from those of the packages fonts-inter (3.19), fonts-jetbrains-mono
# (2.242) and fonts-dejavu-core (2.37): the characters of European languages, punctuation, arrows
# and mathematics, without kerning and ligatures, which the program does not use. Needs fonttools.
# What is committed counts: other versions of the packages would move every text a little.
set -eu
cd "$(dirname "$0")"
letters=0020-007E,00A0-024F,02B0-036F,0370-03FF,0400-052F,1E00-1EFF
signs=2000-206F,2070-20CF,2100-2426,2500-27BF,27F0-27FF,2900-297F,FFFD
# subset FILE RANGES
subset() {
    /usr/bin/python3 -m fontTools.subset "$1" --unicodes="$2" --layout-features= --drop-tables+=GSUB,GPOS,GDEF,FFTM \
        --no-hinting --name-IDs='*' --notdef-outline --glyph-names --output-file="$(basename "$1")"
}
for file in opentype/inter/Inter-Regular.otf opentype/inter/Inter-SemiBold.otf \
    truetype/jetbrains-mono/JetBrainsMono-Regular.ttf truetype/jetbrains-mono/JetBrainsMono-Bold.ttf; do
    subset "/usr/share/fonts/$file" "$letters,$signs"
done
# What those lack is taken from these.
for file in DejaVuSans.ttf DejaVuSans-Bold.ttf DejaVuSansMono.ttf DejaVuSansMono-Bold.ttf; do
    subset "/usr/share/fonts/truetype/dejavu/$file" "$signs"
done
