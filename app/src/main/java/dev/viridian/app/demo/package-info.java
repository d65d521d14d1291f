/// The story of walkthrough 000, told and done: blue behind a load balancer, a push that turns it green, a push that fails and is taken back.
///
/// [dev.viridian.app.demo.Story] is the plot, [dev.viridian.app.demo.Stage] what stands before it begins, [dev.viridian.app.demo.Visitors] the people
/// who keep loading the page meanwhile, [dev.viridian.app.demo.Screen] what one sees.
@NullMarked
package dev.viridian.app.demo;

import org.jspecify.annotations.NullMarked;
