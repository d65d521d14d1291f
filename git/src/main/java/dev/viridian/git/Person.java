package dev.viridian.git;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.eclipse.jgit.lib.PersonIdent;

/// Who wrote or committed something, and when by their own clock.
public record Person(String name, String email, Instant when, ZoneOffset offset) {

    /// As git writes the moment: `1516667714 -0800`.
    public String date() {
        return when.getEpochSecond() + " " + (offset.equals(ZoneOffset.UTC) ? "+0000" : offset.getId().substring(0, 6).replace(":", ""));
    }

    PersonIdent ident() {
        return new PersonIdent(name, email, when, offset);
    }

    static Person of(PersonIdent ident) {
        ZoneId zone = ident.getZoneId();
        return new Person(ident.getName(), ident.getEmailAddress(), ident.getWhenAsInstant(), zone.getRules().getOffset(ident.getWhenAsInstant()));
    }
}
